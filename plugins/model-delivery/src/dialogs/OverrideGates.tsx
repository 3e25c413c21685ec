import { Checkbox } from '@backstage/ui';
import { Notice } from '../components';

/** Offers to deploy a version although its gates do not pass. */
export function OverrideGates(props: {
  environment: string;
  value: boolean;
  onChange: (value: boolean) => void;
}) {
  return (
    <>
      <Checkbox isSelected={props.value} onChange={props.onChange}>
        Override the gates
      </Checkbox>
      {props.value && (
        <Notice tone="warning" shape="octagon">
          For emergencies. The version is deployed to {props.environment}{' '}
          although its gates do not pass, and the history keeps your name and
          reason.
        </Notice>
      )}
    </>
  );
}
