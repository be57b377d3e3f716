import {Box, Text} from 'ink';
import {memo} from 'react';
import {clipLine, fitLine} from '../look/fit.ts';
import {paint, type Line} from '../look/span.ts';

export type LinesProps = {
	readonly lines: readonly Line[];
	readonly width: number;
	/** Cut or filled up to this many lines; without it as many as there are. */
	readonly height?: number;
	/** Writes every cell, so that nothing shines through from what lies below. */
	readonly isOpaque?: boolean;
};

/** Lines of at most `width` cells, each a text of its own: what a frame costs grows with the characters that are measured anew. */
export function Lines({lines, width, height = lines.length, isOpaque = false}: LinesProps) {
	if (height <= 0 || width <= 0) {
		return null;
	}

	return (
		<Box flexDirection='column' flexShrink={0} height={height} width={width}>
			{Array.from({length: height}, (_, index) => <Row key={index} text={paintLine(lines[index] ?? [], width, isOpaque)}/>)}
		</Box>
	);
}

/** Only drawn anew when its text changed. */
const Row = memo(({text}: {readonly text: string}) => <Box flexShrink={0} height={1}><Text wrap='truncate'>{text}</Text></Box>);

const paintLine = (line: Line, width: number, isOpaque: boolean): string => {
	const shown = isOpaque ? fitLine(line, width) : clipLine(line, width);
	const text = shown.map(span => paint(span)).join('');

	return text === '' ? ' ' : text;
};
