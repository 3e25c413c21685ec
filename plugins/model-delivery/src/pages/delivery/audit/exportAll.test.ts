import { exportAll } from './exportAll';

describe('exportAll', () => {
  it('asks for page after page, and has one header', async () => {
    const asked: number[] = [];
    const text = await exportAll('csv', 20_001, async ({ after }) => {
      asked.push(after);
      return `seq,at\n${after + 1},x\n`;
    });
    expect(asked).toEqual([0, 10_000, 20_000]);
    expect(text).toBe('seq,at\n1,x\n10001,x\n20001,x\n');
  });

  it('joins JSON lines as they come', async () => {
    const ask = async ({ after }: { after: number }) =>
      `{"seq":${after + 1}}\n`;
    expect(await exportAll('jsonl', 10_001, ask)).toBe(
      '{"seq":1}\n{"seq":10001}\n',
    );
    expect(await exportAll('jsonl', 10_000, ask)).toBe('{"seq":1}\n');
  });
});
