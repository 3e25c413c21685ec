import { Link } from '@backstage/ui';
import { useModelDetail } from '../../api';
import { CopyField } from '../../components';
import { shortSha } from '../../words';
import { rangeUrl } from './rangeUrl';

/** What changed in the code between two versions: on its host, or to be asked of Git. */
export function CommitRange(props: { from: string; to: string }) {
  const { from, to } = props;
  const { data: model } = useModelDetail();
  if (from === to) return <>the same commit</>;
  const range = `${shortSha(from)}..${shortSha(to)}`;
  const url = rangeUrl(model?.repository?.compareUrl, from, to);
  return url ? (
    <Link href={url} target="_blank" rel="noopener noreferrer">
      <code>{range}</code>
    </Link>
  ) : (
    <CopyField label="commit range" value={range} text={`${from}..${to}`} />
  );
}
