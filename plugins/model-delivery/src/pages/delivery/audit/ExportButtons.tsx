import { useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useMutation } from '@tanstack/react-query';
import { modelDeliveryApiRef, useModelRef } from '../../../api';
import { saveFile } from '../../../files';
import { describeError } from '../../../words';
import { exportAll, type ExportFormat } from './exportAll';

const FORMATS: { format: ExportFormat; label: string; type: string }[] = [
  { format: 'csv', label: 'Export CSV', type: 'text/csv' },
  {
    format: 'jsonl',
    label: 'Export JSON lines',
    type: 'application/x-ndjson',
  },
];

/** Downloads the whole audit trail. JSON lines can be verified without Slipway. */
export function ExportButtons(props: { entries: number }) {
  const api = useApi(modelDeliveryApiRef);
  const { kind, namespace, name } = useModelRef();
  const run = useMutation({
    mutationFn: async ({ format, type }: (typeof FORMATS)[number]) => {
      const text = await exportAll(format, props.entries, page =>
        api.call('exportAudit', {
          params: { namespace, name },
          query: { kind, ...page },
        }),
      );
      saveFile(text, `${name}-audit.${format}`, type);
    },
  });
  return (
    <>
      {run.error && (
        <span role="alert">
          The audit trail was not exported. {describeError(run.error).message}
        </span>
      )}
      {FORMATS.map(one => (
        <Button
          key={one.format}
          variant="secondary"
          isDisabled={props.entries === 0}
          isPending={run.isPending && run.variables.format === one.format}
          onPress={() => run.mutate(one)}
        >
          {one.label}
        </Button>
      ))}
    </>
  );
}
