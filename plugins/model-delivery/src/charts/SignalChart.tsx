import { useId } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { ChartDot } from './ChartDot';
import { ChartTip } from './ChartTip';
import { MarkFlag } from './MarkFlag';
import { placeFlags } from './placeFlags';
import { niceAxis } from './niceAxis';
import styles from './SignalChart.module.css';
import type { SignalChartProps } from './types';

/** The part of the axis that a gap must take for its reason to fit. */
const ROOM_FOR_WORDS = 0.3;

/** The one line chart: thresholds with words, versions as flags, gaps hatched and never bridged. */
export default function SignalChart(props: SignalChartProps) {
  const { points, limits = [], marks = [], gaps = [], small, dots } = props;
  const [start, end] = props.xDomain;
  const hatch = useId();
  // Points that count for themselves stand where the words of a limit would.
  const endLabels = dots && limits.length > 0;
  const rightMargin = endLabels ? 80 : 12;
  const flags = placeFlags(marks, props.xDomain);
  const axis = niceAxis(...props.yDomain, small ? 1 : 4);
  const last = [...points].reverse().find(point => point.y !== null);
  const data = points.map(point => ({
    ...point,
    band: point.interval ?? undefined,
    error:
      dots && point.interval && point.y !== null
        ? [point.y - point.interval[0], point.interval[1] - point.y]
        : undefined,
  }));
  return (
    <div
      className={styles.chart}
      role="img"
      aria-label={props.label}
      style={{ height: props.height ?? 180 }}
    >
      <ResponsiveContainer
        width="100%"
        height="100%"
        initialDimension={{ width: 320, height: props.height ?? 180 }}
      >
        <ComposedChart
          data={data}
          syncId={props.syncId}
          syncMethod="value"
          margin={{
            top: 18,
            right: small ? 6 : rightMargin,
            bottom: small ? 8 : 0,
            left: 0,
          }}
          accessibilityLayer={false}
        >
          <defs>
            <pattern
              id={hatch}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <path
                d="M0 0V5"
                stroke="var(--md-fg-muted)"
                strokeOpacity=".3"
                strokeWidth="2"
              />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--md-grid)" />
          <XAxis
            dataKey="x"
            type="number"
            domain={props.xDomain}
            ticks={props.xTicks}
            tickFormatter={props.formatX}
            tickLine={false}
            axisLine={false}
            hide={small}
            height={24}
            interval="preserveStartEnd"
          />
          <YAxis
            domain={axis.domain}
            ticks={axis.ticks}
            tickFormatter={props.formatY}
            tickLine={false}
            axisLine={false}
            width={small ? 44 : 56}
            allowDataOverflow
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--md-fg-muted)' }}
            content={
              <ChartTip formatX={props.formatX} formatY={props.formatY} />
            }
          />
          {gaps.map(gap => (
            <ReferenceArea
              key={gap.from}
              x1={gap.from}
              x2={gap.to}
              fill={`url(#${hatch})`}
              fillOpacity={1}
              ifOverflow="hidden"
              label={
                small || (gap.to - gap.from) / (end - start) < ROOM_FOR_WORDS
                  ? undefined
                  : {
                      value: gap.why,
                      position: 'insideBottom',
                      className: styles.strong,
                    }
              }
            />
          ))}
          {!dots && (
            <Area
              dataKey="band"
              stroke="none"
              fill="var(--md-series-soft)"
              isAnimationActive={false}
              activeDot={false}
            />
          )}
          {limits.map(limit => (
            <ReferenceLine
              key={limit.word}
              y={limit.value}
              stroke={
                limit.kind === 'critical'
                  ? 'var(--md-bad)'
                  : 'var(--md-warning)'
              }
              strokeDasharray={limit.kind === 'critical' ? '6 3' : '2 3'}
              ifOverflow="hidden"
              label={
                small
                  ? undefined
                  : {
                      value: limit.word,
                      position: endLabels ? 'right' : 'insideBottomLeft',
                      className: styles[limit.kind],
                    }
              }
            />
          ))}
          <Line
            dataKey="y"
            stroke="var(--md-series)"
            strokeWidth={1.75}
            strokeLinejoin="round"
            connectNulls={false}
            isAnimationActive={false}
            activeDot={{ r: 3, fill: 'var(--md-series)', stroke: 'none' }}
            dot={
              <ChartDot
                dots={dots ?? false}
                lastX={last?.x}
                leftFrom={start + 0.8 * (end - start)}
              />
            }
          >
            {dots && (
              <ErrorBar
                dataKey="error"
                width={3}
                stroke="var(--md-reference)"
                strokeWidth={1.25}
                isAnimationActive={false}
              />
            )}
          </Line>
          {marks.map((mark, index) => (
            <ReferenceLine
              key={`${mark.x} ${mark.label}`}
              x={mark.x}
              stroke="var(--md-fg-muted)"
              ifOverflow="hidden"
              label={
                <MarkFlag
                  label={mark.label}
                  side={small ? null : flags[index]}
                  onOpen={mark.onOpen}
                />
              }
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
