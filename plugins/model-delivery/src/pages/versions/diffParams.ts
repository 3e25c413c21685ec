import type { VersionComparison } from '@slipway/plugin-model-delivery-common';

export interface ParamLine {
  sign: ' ' | '-' | '+';
  text: string;
}

const print = (name: string, value: unknown) =>
  `${name} = ${value === null ? 'none' : JSON.stringify(value)}`;

/** Parameters of the first and the last version, as a diff. */
export function diffParams(
  params: VersionComparison['params'],
  options: { all: boolean },
): ParamLine[] {
  return params
    .filter(param => param.differs || options.all)
    .flatMap<ParamLine>(({ name, values, differs }) => {
      const first = print(name, values[0] ?? null);
      if (!differs) return [{ sign: ' ', text: first }];
      return [
        { sign: '-', text: first },
        { sign: '+', text: print(name, values[values.length - 1] ?? null) },
      ];
    });
}
