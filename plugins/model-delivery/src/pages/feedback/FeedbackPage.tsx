import { Button } from '@backstage/ui';
import { feedbackControlAllPermission } from '@slipway/plugin-model-delivery-common';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { useState } from 'react';
import {
  Answer,
  Face,
  Notice,
  Page,
  Permitted,
  PlainTable,
  Region,
  Status,
  TimeAgo,
} from '../../components';
import { count, exactTime, personName } from '../../words';
import { SwitchAllDialog } from './SwitchAllDialog';
import { useAllFeedback } from './useAllFeedback';

type AllFeedback = CallAnswer<'getAllFeedback'>;

/** The switch of what follows from the monitors of all models. */
export function FeedbackPage() {
  return (
    <Page
      title="Feedback of all models"
      intro="Feedback rules train models again, roll environments back and notify owners when a monitor breaks. Here they are switched off for all models at once. A single model is switched on its Monitoring tab."
    >
      <Permitted
        permission={feedbackControlAllPermission}
        label="Feedback"
        to="switch the feedback of all models"
      >
        <Feedback />
      </Permitted>
    </Page>
  );
}

function Feedback() {
  const query = useAllFeedback();
  const [isSwitching, setSwitching] = useState(false);
  const isOff = query.data !== undefined && query.data.off !== null;
  return (
    <>
      <Region
        label="Feedback"
        title="Feedback"
        actions={
          query.data && (
            <Button variant="secondary" onPress={() => setSwitching(true)}>
              {isOff
                ? 'Switch on for all models…'
                : 'Switch off for all models…'}
            </Button>
          )
        }
      >
        <Answer query={query} what="feedback">
          {answer => <State feedback={answer} />}
        </Answer>
      </Region>
      {query.data && <Changes feedback={query.data} />}
      {isSwitching && (
        <SwitchAllDialog on={isOff} onClose={() => setSwitching(false)} />
      )}
    </>
  );
}

function State({ feedback }: { feedback: AllFeedback }) {
  const { off, dryRun, retrainsPerDay } = feedback;
  return (
    <>
      {off ? (
        <Notice tone="warning" shape="bar">
          <b>Feedback is off for all models</b> since <TimeAgo at={off.since} />{' '}
          by {personName(off.by)}: “{off.reason}”. Incidents open, and nothing
          follows from them.
        </Notice>
      ) : (
        <p>
          <Status look={{ shape: 'check', tone: 'good', word: 'On' }} /> for all
          models that are not switched off themselves.
        </p>
      )}
      {dryRun && (
        <Notice tone="warning" shape="hollow">
          <b>Dry run.</b> Incidents say what would be done, and nothing is done.
          app-config sets it: <code>modelDelivery.feedback.dryRun</code>.
        </Notice>
      )}
      <p>
        Feedback may begin {count(retrainsPerDay, 'training')} of each model in
        24 hours: <code>modelDelivery.feedback.retrainsPerDay</code>.
      </p>
    </>
  );
}

function Changes({ feedback }: { feedback: AllFeedback }) {
  return (
    <Region label="Who switched it" title="Who switched it">
      {feedback.changes.length === 0 ? (
        <Face title="No change">
          Nobody has switched the feedback of all models.
        </Face>
      ) : (
        <PlainTable
          quiet
          label="Who switched it"
          columns={['When', 'State', 'Who', 'Reason']}
          rows={feedback.changes.map(({ at, on, by, reason }, index) => ({
            key: String(index),
            cells: [
              exactTime(at),
              on ? 'On' : 'Off',
              personName(by),
              <span key="reason">{reason}</span>,
            ],
          }))}
        />
      )}
    </Region>
  );
}
