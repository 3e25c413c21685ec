import { Radio, RadioGroup } from '@backstage/ui';
import type {
  EnvironmentDetail,
  LiveInterval,
} from '@slipway/plugin-model-delivery-common';
import { useState } from 'react';
import { useModelPages, useModelRef } from '../api';
import { Answer, Face, Icon, Notice, TimeAgo, Version } from '../components';
import { ActionDialog } from './ActionDialog';
import { backTo } from './backTo';
import { ComparedWithLive } from './ComparedWithLive';
import { DeliveryAnswer } from './DeliveryAnswer';
import { useDraft } from './drafts';
import { Impact } from './Impact';
import styles from './RollbackDialog.module.css';
import { useDelivery } from './useDelivery';

/** Brings back what was live before; offers only what may come back. */
export function RollbackDialog(props: {
  environment: EnvironmentDetail;
  onClose: () => void;
}) {
  const { environment, onClose } = props;
  const { name, entityRef } = useModelRef();
  const live = environment.live?.version ?? null;
  const history = useModelPages('getHistory', {
    params: { environment: environment.name },
    query: { limit: 50 },
  });
  const choices = backTo(history.items, live);
  const [picked, setPicked] = useState<string | null>(null);
  const to =
    picked ?? choices.find(choice => choice.rollback.offered)?.version ?? null;
  const draft = useDraft(`${entityRef} Roll back ${environment.name} ${live}`);
  const delivery = useDelivery('rollback', () => {
    draft.forget();
    onClose();
  });
  return (
    <ActionDialog
      title={`Roll back ${environment.name}`}
      what={
        <>
          <b>{name}</b> in {environment.name} goes back
          {live && (
            <>
              {' '}
              from <Version name={live} />
            </>
          )}
          {to && (
            <>
              {' '}
              to <Version name={to} />
            </>
          )}
          , immediately, for all traffic. No training takes place.
        </>
      }
      reason={draft}
      reasonHint="Describe the problem. The history shows it."
      submit={{
        label: to ? `Roll back to ${to}` : 'Roll back',
        icon: <Icon name="back" />,
        destructive: true,
        pending: delivery.pending,
        off: to ? undefined : 'There is no earlier version.',
      }}
      onSubmit={() =>
        to &&
        delivery.ask({
          params: { environment: environment.name },
          body: { to, reason: draft.text },
        })
      }
      onClose={onClose}
      answer={
        <DeliveryAnswer
          environment={environment.name}
          error={delivery.error}
          blocked={delivery.blocked}
          onFollow={onClose}
        />
      }
    >
      <Trouble environment={environment} />
      <Answer query={history.query} what="history">
        {() =>
          choices.length === 0 ? (
            <Face title="No earlier version">
              There is no earlier version in {environment.name}.
            </Face>
          ) : (
            <Choices choices={choices} value={to} onChange={setPicked} />
          )
        }
      </Answer>
      {live && to && <ComparedWithLive live={live} version={to} />}
      {to && <Impact environment={environment.name} version={to} />}
    </ActionDialog>
  );
}

function Trouble({ environment }: { environment: EnvironmentDetail }) {
  const critical = environment.monitors.find(m => m.state === 'critical');
  return critical ? (
    <Notice tone="bad" shape="octagon">
      <b>{critical.name} is critical</b>: {critical.reason}
    </Notice>
  ) : null;
}

function Choices(props: {
  choices: LiveInterval[];
  value: string | null;
  onChange: (version: string) => void;
}) {
  return (
    <RadioGroup
      label="Back to"
      className={styles.options}
      value={props.value}
      onChange={props.onChange}
    >
      {props.choices.map(({ version, to, rollback }) => (
        <Radio key={version} value={version} isDisabled={!rollback.offered}>
          <span className={styles.option}>
            <Version name={version} />
            <span className={styles.muted}>
              {to && (
                <>
                  live until <TimeAgo at={to} />
                </>
              )}
              {to && !rollback.offered && '. '}
              {!rollback.offered &&
                `Not offered: ${rollback.reason ?? 'it cannot be restored'}`}
            </span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
