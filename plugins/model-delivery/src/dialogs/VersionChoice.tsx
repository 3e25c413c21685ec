import { Select } from '@backstage/ui';
import { useModelPages } from '../api';

/** Any version that a pipeline registered, newest first. */
export function VersionChoice(props: {
  live: string | null;
  value: string | null;
  onChange: (version: string) => void;
}) {
  const { live, value, onChange } = props;
  const { items } = useModelPages('listVersions', { query: { limit: 50 } });
  return (
    <Select
      label="Version"
      placeholder="Choose a version"
      size="medium"
      value={value}
      onChange={key => key !== null && onChange(String(key))}
      search={items.length > 8 ? true : undefined}
      options={items.map(version => ({
        id: version.version,
        label: [
          version.version,
          version.version === live && 'live',
          version.version !== live &&
            version.liveIn.length > 0 &&
            `live in ${version.liveIn.join(', ')}`,
          version.status === 'rejected' && 'rejected',
        ]
          .filter(Boolean)
          .join(' · '),
      }))}
    />
  );
}
