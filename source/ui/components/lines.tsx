import {Box, Text} from 'ink';
import {fitLine} from '../look/fit.ts';
import {paint, type Line} from '../look/span.ts';

export type LinesProps = {
	readonly lines: readonly Line[];
	readonly width: number;
	/** Cut or filled up to this many lines; without it as many as there are. */
	readonly height?: number;
};

/** Lines of exactly `width` cells, drawn as one text: what a frame costs grows with its nodes. */
export function Lines({lines, width, height = lines.length}: LinesProps) {
	if (height <= 0 || width <= 0) {
		return null;
	}

	const shown = Array.from({length: height}, (_, index) => fitLine(lines[index] ?? [], width));

	return (
		<Box flexShrink={0} height={height} width={width}>
			<Text wrap='truncate'>{shown.map(line => line.map(span => paint(span)).join('')).join('\n')}</Text>
		</Box>
	);
}
