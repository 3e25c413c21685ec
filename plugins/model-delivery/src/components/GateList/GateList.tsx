import { Link } from '@backstage/ui';
import type { GateResult } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { useState } from 'react';
import { count, gateOutcome } from '../../words';
import { StatusIcon } from '../Status';
import { TimeAgo } from '../TimeAgo';
import styles from './GateList.module.css';
import { orderGates } from './orderGates';

/**
 * Gates with their reasons. Once one says no, or where there is little room, those that are met
 * fold into one line, so that what stands in the way is what is seen.
 */
export function GateList(props: {
  gates: GateResult[];
  runHref?: (runId: string) => string;
  /** Asks for the evidence again, for gates that this can mend. */
  onReevaluate?: () => void;
  reevaluating?: boolean;
  /** There is little room. */
  brief?: boolean;
}) {
  const [unfolded, setUnfolded] = useState(false);
  const gates = orderGates(props.gates);
  const passed = gates.filter(gate => gate.outcome === 'pass');
  const folds =
    !unfolded &&
    passed.length > 1 &&
    (props.brief || gates.some(g => g.outcome === 'fail'));
  const shown = folds ? gates.filter(g => g.outcome !== 'pass') : gates;
  return (
    <ul>
      {shown.map(gate => (
        <GateItem key={gate.id} gate={gate} {...props} />
      ))}
      {folds && (
        <li className={clsx(styles.gate, styles.pass)}>
          <StatusIcon shape="check" className={styles.icon} />
          <span>
            {count(
              passed.length,
              passed.length < gates.length ? 'other gate' : 'gate',
            )}{' '}
            passed
          </span>
          <button
            type="button"
            className={clsx(styles.link, styles.word)}
            onClick={() => setUnfolded(true)}
          >
            Show
          </button>
        </li>
      )}
    </ul>
  );
}

function GateItem(props: {
  gate: GateResult;
  runHref?: (runId: string) => string;
  onReevaluate?: () => void;
  reevaluating?: boolean;
}) {
  const { gate, runHref, onReevaluate, reevaluating } = props;
  const look = gateOutcome(gate.outcome);
  return (
    <li className={clsx(styles.gate, styles[gate.outcome])}>
      <StatusIcon shape={look.shape} className={styles.icon} />
      <span>{gate.title}</span>
      <span className={styles.word}>{look.word}</span>
      <span className={styles.why}>
        {gate.reason}
        <GateSource gate={gate} />
        {gate.runId && runHref && (
          <>
            {' '}
            <Link href={runHref(gate.runId)} variant="body-small">
              {gate.remedy === 'rerun' ? 'Open the run to rerun it' : 'The run'}
            </Link>
          </>
        )}
        {gate.remedy === 'reevaluate' && onReevaluate && (
          <>
            {' '}
            <button
              type="button"
              className={styles.link}
              onClick={onReevaluate}
              disabled={reevaluating}
            >
              {reevaluating ? 'Comparing…' : 'Compare again'}
            </button>
          </>
        )}
      </span>
    </li>
  );
}

/** Where the observed value comes from, and how old it is. */
function GateSource({ gate }: { gate: GateResult }) {
  if (!gate.source) return null;
  return (
    <span className={styles.source}>
      {gate.source}
      {gate.observedAt && (
        <>
          , <TimeAgo at={gate.observedAt} />
        </>
      )}
    </span>
  );
}
