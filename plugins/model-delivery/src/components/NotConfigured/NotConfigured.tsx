import { useModelRef } from '../../api';
import { Face, notConfiguredIcon } from '../Face';
import { Region } from '../Region';
import { type Part, PARTS, wayOf } from './parts';

/** Stands where a part of a model would, that nobody named: what to write, and where. */
export function NotConfigured({ part }: { part: Part }) {
  const { kind } = useModelRef();
  const { label, title } = PARTS[part];
  const { words, code } = wayOf(part, kind);
  return (
    <Region label={label}>
      <Face icon={notConfiguredIcon} title={title} code={code}>
        {words}
      </Face>
    </Region>
  );
}
