import { parsePrometheusText } from '../monitoring/prometheusText';

/** The version that a server says it serves; undefined where it does not say. */
export async function servedVersion(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/metrics`, {
    signal: AbortSignal.timeout(2_000),
  });
  const samples = parsePrometheusText(await response.text());
  return samples.find(({ name }) => name === 'model_info')?.labels.version;
}
