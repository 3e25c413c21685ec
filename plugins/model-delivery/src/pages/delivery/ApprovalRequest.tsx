import type {
  Approval,
  ApprovalRequest as Request,
  DeploymentNotice,
} from '@slipway/plugin-model-delivery-common';
import { Facts, Notice, PlainTable, Status, TimeAgo } from '../../components';
import {
  approvalDecision,
  exactTime,
  listOf,
  personName,
  refName,
} from '../../words';

/** Who is asked, how they were notified, and how they decided. */
export function ApprovalRequest(props: { request: Request; open: boolean }) {
  const { request, open } = props;
  const counted = request.decisions.filter(
    ({ decision, lapsed }) => decision === 'approve' && !lapsed,
  ).length;
  const asked = request.notices.filter(({ state }) => state === 'waiting');
  const { authors } = request;
  return (
    <>
      <Facts
        facts={[
          ['Approvals', `${counted} of ${request.required}`],
          [
            'Asked',
            request.from.length > 0 && listOf(request.from.map(refName)),
          ],
          ['Notified', <Notified key="notified" notice={asked.at(-1)} />],
          [
            'Expires',
            open && request.expiresAt && (
              <time dateTime={request.expiresAt}>
                {exactTime(request.expiresAt)}
              </time>
            ),
          ],
          ['Commits by', authors?.names && listOf(authors.names)],
        ]}
      />
      {authors?.problem && (
        <Notice tone="warning" shape="question">
          <b>It is unknown who wrote the commits, so no approval counts.</b>{' '}
          {authors.problem}
        </Notice>
      )}
      {request.decisions.length > 0 && (
        <PlainTable
          quiet
          label="Decisions"
          columns={['When', 'Decision', 'Who', 'Reason']}
          rows={request.decisions.map((decision, index) => ({
            key: String(index),
            cells: [
              exactTime(decision.at),
              <Status key="decision" look={approvalDecision(decision)} />,
              personName(decision.by),
              reasonOf(decision),
            ],
          }))}
        />
      )}
    </>
  );
}

function Notified({ notice }: { notice: DeploymentNotice | undefined }) {
  if (!notice) return <>Not yet</>;
  if (notice.problem) return <>{notice.problem}</>;
  return (
    <>
      In Backstage, <TimeAgo at={notice.at} />
    </>
  );
}

function reasonOf({ reason, lapsed }: Approval): string {
  return [reason, lapsed?.reason].filter(Boolean).join(' · ') || '–';
}
