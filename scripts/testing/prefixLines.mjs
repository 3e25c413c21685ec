import { StringDecoder } from 'node:string_decoder';

/**
 * Marks each line with the name of its stage, so that the output of stages that run side by side can
 * be distinguished. A line is written once it is whole.
 *
 * @returns `write` for bytes as they come, and `end` for a last line without an end.
 */
export function prefixLines(name, show) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const line = text => show(`${name} │ ${text}\n`);
  return {
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop();
      lines.forEach(line);
    },
    end() {
      if (rest) line(rest);
      rest = '';
    },
  };
}
