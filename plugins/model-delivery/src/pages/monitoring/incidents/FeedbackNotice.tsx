import type { FeedbackStatus } from '@slipway/plugin-model-delivery-common';
import { Notice, TimeAgo } from '../../../components';
import { personName } from '../../../words';

/** Says why nothing follows from an incident, where nothing does. */
export function FeedbackNotice({ feedback }: { feedback: FeedbackStatus }) {
  const { off, dryRun, retrainsLastDay, retrainsPerDay, rules } = feedback;
  if (rules === 0) return null;
  return (
    <>
      {off.map(({ scope, by, reason, since }) => (
        <Notice key={scope} tone="warning" shape="bar">
          <b>
            Feedback is off for {scope === 'all' ? 'all models' : 'this model'}
          </b>{' '}
          since <TimeAgo at={since} /> by {personName(by)}: “{reason}”.
          Incidents open, and nothing follows from them.
        </Notice>
      ))}
      {dryRun && (
        <Notice tone="warning" shape="hollow">
          <b>Dry run.</b> Incidents say what would be done, and nothing is done.
        </Notice>
      )}
      {retrainsLastDay >= retrainsPerDay && (
        <Notice tone="warning" shape="clock">
          <b>
            {retrainsLastDay} of {retrainsPerDay} trainings
          </b>{' '}
          of the last 24 hours are used. Retrain by hand, or wait.
        </Notice>
      )}
    </>
  );
}
