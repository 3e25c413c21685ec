import { killGroup } from './killGroup';
import type { ProcessRecord, ProcessRecords } from './ProcessRecords';

/**
 * What an earlier portal left running: jobs are ended, since nobody reads what they say, and so
 * are servers that nothing needs.
 *
 * @param wanted - the deployments that are live.
 * @returns the servers that live on, at most one a deployment.
 */
export async function recoverProcesses(
  records: ProcessRecords,
  wanted: string[],
): Promise<ProcessRecord[]> {
  const open = new Set(wanted);
  const adopted: ProcessRecord[] = [];
  await Promise.all(
    records.list().map(async record => {
      if (
        record.kind === 'server' &&
        record.alive &&
        open.delete(record.owner)
      ) {
        adopted.push(record);
        return;
      }
      if (record.alive) await killGroup(record);
      records.remove(record);
    }),
  );
  return adopted;
}
