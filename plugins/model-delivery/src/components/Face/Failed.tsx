import { Button } from '@backstage/ui';
import { describeError } from '../../words';
import { Face } from './Face';
import { failedIcon, forbiddenIcon } from './icons';

/** Nothing is known: what was tried, what came back, what to do. */
export function Failed(props: {
  /** What was tried, as in "Runs could not be loaded". */
  title: string;
  error: unknown;
  onRetry?: () => void;
}) {
  const { message, kind, status, requestId } = describeError(props.error);
  const details = [
    kind,
    status && `status ${status}`,
    requestId && `request ${requestId}`,
  ].filter(Boolean);
  return (
    <Face
      failed={status !== 403}
      icon={status === 403 ? forbiddenIcon : failedIcon}
      title={status === 403 ? 'Permission denied' : props.title}
      actions={
        props.onRetry && (
          <Button variant="secondary" onPress={props.onRetry}>
            Retry
          </Button>
        )
      }
      small={details.join(' · ')}
    >
      {message}
    </Face>
  );
}
