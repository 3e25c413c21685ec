import { takeArrived } from './takeArrived';

const data = (
  arriving: string,
  holdout: string | undefined = 'x,y\n9,c\n',
) => ({
  train: 'x,y\n1,a\n',
  arriving,
  holdout,
});

describe('takeArrived', () => {
  it('trains on the rows that arrived, and holds every third out', () => {
    expect(takeArrived(data('x,y\n2,b\n3,b\n4,b\n5,b\n'))).toEqual({
      train: 'x,y\n1,a\n2,b\n3,b\n5,b\n',
      holdout: 'x,y\n9,c\n4,b\n',
      arriving: 'x,y\n',
      rows: 4,
      held: 1,
    });
  });

  it('trains on all of them where nothing is held out', () => {
    const { holdout: _, ...alone } = data('x,y\n2,b\n3,b\n4,b\n');
    expect(takeArrived({ ...alone, holdout: undefined })).toMatchObject({
      train: 'x,y\n1,a\n2,b\n3,b\n4,b\n',
      holdout: undefined,
      held: 0,
    });
  });

  it.each(['x,y\n', '', 'x,y\n\n'])('takes nothing from %j', arriving => {
    expect(takeArrived(data(arriving))).toBeNull();
  });

  it('refuses rows of other columns, and names them', () => {
    expect(() => takeArrived(data('x,z\n2,b\n'))).toThrow(
      'The rows that arrived have the columns x,z, and the data has x,y.',
    );
  });
});
