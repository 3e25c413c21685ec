import { Link } from '@backstage/ui';
import type { EnvironmentDetail } from '@slipway/plugin-model-delivery-common';
import { Status } from '../../components';
import { useModelLinks } from '../../url';
import { count, health, notConfigured } from '../../words';

/** Health in words: how many monitors say so, or which one does not. */
export function EnvironmentHealth(props: { environment: EnvironmentDetail }) {
  const links = useModelLinks();
  const { name, monitors, health: value } = props.environment;
  if (monitors.length === 0) {
    return <Status look={notConfigured}>no monitors</Status>;
  }
  return (
    <Link href={links.monitoring(name)} standalone>
      <Status look={health(value)}>{words(props.environment)}</Status>
    </Link>
  );
}

function words({ monitors, health: value }: EnvironmentDetail): string {
  const inState = (state: string) => monitors.filter(m => m.state === state);
  switch (value) {
    case 'healthy': {
      const few = inState('insufficient').length;
      const healthy = `${count(inState('healthy').length, 'monitor')} healthy`;
      return few > 0 ? `${healthy}, ${few} with insufficient data` : healthy;
    }
    case 'unknown':
      return `${count(inState('unknown').length, 'monitor')} unknown`;
    case 'critical': {
      const down = inState('unavailable').length;
      return down > 0 && inState('critical').length === 0
        ? `${down} of ${monitors.length} unavailable`
        : `${inState('critical').length + down} of ${monitors.length} critical`;
    }
    default:
      return `${inState(value).length} of ${monitors.length} ${value}`;
  }
}
