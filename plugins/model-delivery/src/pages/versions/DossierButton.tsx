import { Button } from '@backstage/ui';
import { useModelAction, useModelRef } from '../../api';
import { saveFile } from '../../files';
import { describeError } from '../../words';

/** Downloads how a version came into production as one HTML file. */
export function DossierButton({ version }: { version: string }) {
  const { name } = useModelRef();
  const dossier = useModelAction('getDossierPage', {
    onDone: page =>
      saveFile(page, `${name}-${version}-dossier.html`, 'text/html'),
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
