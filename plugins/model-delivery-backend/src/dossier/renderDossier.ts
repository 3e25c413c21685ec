import type { Dossier } from '@slipway/plugin-model-delivery-common/schema';
import escape from 'escape-html';

type DocumentedDeployment = Dossier['deployments'][number];

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
  table { border-collapse: collapse; width: 100%; margin: 0.5em 0 1em; }
  th, td { text-align: left; vertical-align: top; padding: 0.3em 0.8em 0.3em 0; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid #ccc; padding-left: 1em; }
  h2 { margin-top: 2em; } @media print { h2 { break-after: avoid; } }
`;

/** One HTML file without scripts or anything to load. Every text of others is escaped. */
export function renderDossier(dossier: Dossier): string {
  const { model, version } = dossier;
  const title = `${model.title ?? model.entityRef} ${version.version}`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Dossier: ${escape(title)}</title><style>${STYLE}</style></head>
<body>
<h1>Dossier: ${escape(title)}</h1>
<p>Made by Slipway from its records at ${escape(dossier.generatedAt)}.</p>
<h2>Model</h2>
${facts([
  ['Entity', model.entityRef],
  ['Description', model.description],
  ['Intended use', model.intendedUse],
  ['Risk class', model.riskClass],
  ['Owner', model.owner],
  ['System', model.system],
  ['Type', model.type],
  ['Framework', model.framework],
  ['Lifecycle', model.lifecycle],
  ['Trained on', model.trainedOn.join(', ') || null],
  ['Provides APIs', model.providesApis.join(', ') || null],
])}
<h2>Version</h2>
${facts([
  ['Version', version.version],
  ['Status', version.status],
  ['Reasons', version.reasons.join('; ') || null],
  ['Registered', version.createdAt],
  ['Commit', version.commit],
  ['Committed', version.committedAt],
  ['Author', version.author],
  ['Build run', version.runId],
  ['Digest', version.digest],
  ['Artifact', version.artifactUri],
  ['Dataset', version.datasetName],
  ['Dataset rows', version.datasetRows],
  ['Dataset digest', version.datasetDigest],
])}
${table(
  ['Metric', 'Value', '95 % interval', 'Rows', 'Split'],
  version.metrics.map(metric => [
    metric.name,
    metric.value,
    metric.ci?.join(' to ') ?? null,
    metric.n,
    metric.split,
  ]),
  'No metric is known.',
)}
<h2>Evidence</h2>
${table(
  ['Kind', 'Result', 'Summary', 'At', 'Run'],
  dossier.evidence.map(item => [
    nameOf(item),
    item.status,
    item.summary,
    item.at,
    item.runId,
  ]),
  'No evidence is known.',
)}
<h2>Deployments and approvals</h2>
${
  dossier.deployments.map(renderDeployment).join('\n') ||
  '<p>The version was never requested in an environment.</p>'
}
${dossier.limited ? '<p>Older deployments are left out.</p>' : ''}
<h2>Model card</h2>
${card(dossier)}
</body>
</html>
`;
}

function renderDeployment(deployment: DocumentedDeployment): string {
  return `<h3>${escape(deployment.environment)}: ${escape(deployment.state)}</h3>
${facts([
  ['Requested', deployment.requestedAt],
  ['By', deployment.requestedBy],
  ['Reason', deployment.reason],
  ['Action', deployment.action],
  ['From', deployment.fromVersion],
  ['Gates', deployment.overridden ? 'overridden' : null],
  ['Live', deployment.liveAt],
  ['Ended', deployment.finishedAt],
])}
${table(
  ['Gate', 'Result', 'Reason'],
  deployment.gates.map(gate => [gate.title, gate.outcome, gate.reason]),
  'No gates were declared.',
)}
${table(
  ['Decision', 'By', 'At', 'Reason', 'Lapsed'],
  deployment.decisions.map(({ decision, by, at, reason, lapsed }) => [
    decision,
    by,
    at,
    reason,
    lapsed && `${lapsed.at}: ${lapsed.reason}`,
  ]),
  'No approval was asked for or given.',
)}
${table(
  ['At', 'State', 'By', 'What happened'],
  deployment.events.map(({ at, state, by, message }) => [
    at,
    state,
    by,
    message,
  ]),
  'No event is stored.',
)}`;
}

function card({ card: text, cardProblem }: Dossier): string {
  if (text !== null) return `<pre>${escape(text)}</pre>`;
  return cardProblem === null
    ? '<p>The version has no model card.</p>'
    : `<p>The model card could not be read: ${escape(cardProblem)}</p>`;
}

function nameOf(item: Dossier['evidence'][number]): string {
  if (item.kind === 'tests') return `tests: ${item.suite}`;
  return item.kind === 'report' ? item.name : item.kind;
}

type Cell = string | number | null;

/** What is not known reads so: a dossier leaves nothing out silently. */
function show(cell: Cell): string {
  return cell === null ? '<i>unknown</i>' : escape(String(cell));
}

function facts(rows: [string, Cell][]): string {
  return `<table>${rows
    .map(
      ([name, value]) =>
        `<tr><th scope="row">${escape(name)}</th><td>${show(value)}</td></tr>`,
    )
    .join('')}</table>`;
}

function table(head: string[], rows: Cell[][], empty: string): string {
  if (rows.length === 0) return `<p>${escape(empty)}</p>`;
  return `<table><thead><tr>${head
    .map(name => `<th scope="col">${escape(name)}</th>`)
    .join('')}</tr></thead><tbody>${rows
    .map(
      row => `<tr>${row.map(cell => `<td>${show(cell)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table>`;
}
