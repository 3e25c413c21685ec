/** A file that the template makes, and for which answers. */
export interface ProjectFile {
  path: string;
  about?: string;
  /** Made only if each of these answers is one of the values. */
  when?: Record<string, string[]>;
}

type Answers = Record<string, unknown>;

/** The files that come of the answers given so far, in the order of their paths. */
export function filesFor(
  files: ProjectFile[],
  answers: Answers,
): ProjectFile[] {
  const name = typeof answers.name === 'string' ? answers.name : 'name';
  return files
    .filter(({ when }) =>
      Object.entries(when ?? {}).every(([key, values]) =>
        values.includes(String(answers[key])),
      ),
    )
    .map(file => ({
      ...file,
      path: file.path.replace('<package>', name.replace(/-/g, '_')),
    }))
    .sort((a, b) => a.path.localeCompare(b.path, 'en'));
}
