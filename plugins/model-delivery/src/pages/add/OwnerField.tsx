import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { Combobox } from '@backstage/ui';
import { useQuery } from '@tanstack/react-query';
import { ownersKey } from '../../api';

/** What a source suggests may be no owner that the catalog knows yet; it stays visible. */
const withValue = (known: string[], value: string): string[] =>
  value && !known.includes(value) ? [value, ...known] : known;

/** A group or user of the catalog. */
export function OwnerField(props: {
  value: string;
  onChange: (owner: string) => void;
}) {
  const catalog = useApi(catalogApiRef);
  const owners = useQuery({
    queryKey: ownersKey,
    queryFn: async () => {
      const { items } = await catalog.getEntities({
        filter: [{ kind: 'Group' }, { kind: 'User' }],
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      });
      return items.map(entity => stringifyEntityRef(entity));
    },
  });
  return (
    <Combobox
      label="Owner"
      description="The group that owns the model."
      size="small"
      isRequired
      search
      options={withValue(owners.data ?? [], props.value).map(ref => ({
        id: ref,
        label: ref,
      }))}
      value={props.value || null}
      onChange={key => props.onChange(key === null ? '' : String(key))}
    />
  );
}
