import type {
  EnvironmentDetail,
  Signature,
} from '@slipway/plugin-model-delivery-common';
import { type FormEvent, useState } from 'react';
import { useModelAction, useModelQuery } from '../../api';
import {
  Answer,
  GuardedButton,
  Notice,
  Region,
  Segments,
} from '../../components';
import { describeError } from '../../words';
import { PredictionAnswer } from './PredictionAnswer';
import {
  exampleValues,
  fieldError,
  type FormValues,
  predictionInputs,
} from './predictionForm';
import { SignatureFieldInput } from './SignatureFieldInput';
import styles from './TryIt.module.css';

/** One inference through an environment's server, with a form made of the version's signature. */
export function TryIt(props: { environments: EnvironmentDetail[] }) {
  const { environments } = props;
  const [name, setName] = useState(environments[environments.length - 1].name);
  const environment =
    environments.find(e => e.name === name) ?? environments[0];
  const version = environment.live?.version ?? '';
  const signature = useModelQuery(
    'getVersionSignature',
    { params: { version } },
    { immutable: true },
  );
  return (
    <Region
      label="Try it"
      title="Try it"
      actions={
        environments.length > 1 && (
          <Segments
            label="Environment"
            value={environment.name}
            options={environments.map(e => ({ value: e.name, label: e.name }))}
            onChange={setName}
          />
        )
      }
    >
      <Answer query={signature} what="signature">
        {known => (
          <PredictionForm
            key={`${environment.name} ${version}`}
            environment={environment.name}
            signature={known}
          />
        )}
      </Answer>
    </Region>
  );
}

function PredictionForm(props: { environment: string; signature: Signature }) {
  const { environment, signature } = props;
  const [values, setValues] = useState<FormValues>(() =>
    exampleValues(signature),
  );
  const predict = useModelAction('predict');
  const wrong = signature.inputs.some(field =>
    fieldError(field, values[field.name] ?? ''),
  );
  const ask = () =>
    predict.mutate({
      body: { environment, inputs: predictionInputs(signature, values) },
    });
  return (
    <form
      aria-label="Try it"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!wrong) ask();
      }}
    >
      <div className={styles.fields}>
        {signature.inputs.map(field => (
          <SignatureFieldInput
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            onChange={text => setValues({ ...values, [field.name]: text })}
          />
        ))}
      </div>
      <GuardedButton
        verb="predict"
        variant="secondary"
        type="submit"
        isPending={predict.isPending}
        off={wrong ? 'Correct the marked field.' : undefined}
      >
        {`Send to ${environment}`}
      </GuardedButton>
      <div aria-live="polite">
        {predict.data && <PredictionAnswer prediction={predict.data} />}
        {predict.error && (
          <Notice tone="bad" shape="octagon">
            The server did not answer: {describeError(predict.error).message}
          </Notice>
        )}
      </div>
    </form>
  );
}
