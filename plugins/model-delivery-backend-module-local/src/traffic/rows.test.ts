import { modelRows, parseCsv, rowKey, shuffled } from './rows';

describe('rows', () => {
  it('reads CSV with quotes, missing values and line ends', () => {
    expect(parseCsv('a,b\r\n1,"x, ""y"""\n,NA\n')).toEqual([
      { a: '1', b: 'x, "y"' },
      { a: '', b: 'NA' },
    ]);
  });

  it('leaves out rows that lack what the model cannot do without', () => {
    const signature = {
      inputs: [
        { name: 'a', datatype: 'FP64', shape: [-1] },
        { name: 'b', datatype: 'BYTES', shape: [-1], optional: true },
      ],
      outputs: [{ name: 'c', datatype: 'FP64', shape: [-1] }],
    };
    expect(modelRows(parseCsv('a,b,c\n1,x,9\n2,,\n,y,9\n'), signature)).toEqual(
      [
        { inputs: { a: 1, b: 'x' }, label: 9 },
        { inputs: { a: 2 }, label: null },
      ],
    );
  });

  it('knows equal inputs, in any order and with what is missing as null', () => {
    expect(rowKey({ b: 'x', a: 1, c: null })).toBe(rowKey({ a: 1, b: 'x' }));
    expect(rowKey({ a: 1 })).not.toBe(rowKey({ a: 2 }));
  });

  it('shuffles the same way each time', () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    expect(shuffled(items, 7)).toEqual(shuffled(items, 7));
    expect(shuffled(items, 7)).not.toEqual(items);
    expect([...shuffled(items, 7)].sort((a, b) => a - b)).toEqual(items);
  });
});
