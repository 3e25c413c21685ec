import { Button } from '@backstage/ui';
import { useModelAction, useModelRef } from '../../api';
import { describeError } from '../../words';

/** Downloads how a version came into production as one HTML file. */
export function DossierButton({ version }: { version: string }) {
  const { name } = useModelRef();
  const dossier = useModelAction('getDossierPage', {
    onDone: page => save(page, `${name}-${version}-dossier.html`),
  });
  return (
    <>
      {dossier.error && (
        <span role="alert">
          The dossier was not made. {describeError(dossier.error).message}
        </span>
      )}
      <Button
        variant="secondary"
        isPending={dossier.isPending}
        onPress={() => dossier.mutate({ params: { version } })}
      >
        Download dossier
      </Button>
    </>
  );
}

function save(page: string, name: string): void {
  const url = URL.createObjectURL(new Blob([page], { type: 'text/html' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
