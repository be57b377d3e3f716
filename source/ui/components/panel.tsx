import {Box} from 'ink';
import {glyph} from '../look/appearance.ts';
import {fitLine, widthOf} from '../look/fit.ts';
import type {Line} from '../look/span.ts';
import {Lines} from './lines.tsx';
import {useScreenSize} from './size.ts';

export type PanelProps = {
	readonly title: string;
	readonly lines: readonly Line[];
	/** Of the text inside. */
	readonly width: number;
	readonly tone?: 'accent' | 'warning' | 'bad';
};

/** Border and margins around what a panel says. */
export const panelFrame = {width: 6, height: 4};

/** Of the screen below the header stays in sight, the footer, and the line above it, which says what is done. */
const linesKept = 3;

/** Lines that fit into a panel. */
export const panelRoom = (screenHeight: number): number => screenHeight - linesKept - panelFrame.height;

/** A framed block in the middle of the screen, over what is there: every cell of it is written, so nothing shines through. */
export function Panel({title, lines, width, tone = 'accent'}: PanelProps) {
	const screen = useScreenSize();
	const height = Math.min(lines.length + panelFrame.height, screen.height - linesKept);
	const left = Math.max(0, Math.floor((screen.width - width - panelFrame.width) / 2));
	const top = Math.max(0, Math.floor((screen.height - height) / 2));

	return (
		<Box left={left} position='absolute' top={top}>
			<Lines isOpaque height={height} lines={frame({
				title, lines, width, tone, height,
			})} width={width + panelFrame.width}/>
		</Box>
	);
}

const frame = ({title, lines, width, tone, height}: Required<PanelProps> & {readonly height: number}): readonly Line[] => {
	const edge = (text: string): Line => [{text, tone}];
	const side = {text: glyph('vertical'), tone};
	const inside = (line: Line): Line => [side, {text: '  '}, ...fitLine(line, width), {text: '  '}, side];
	const shownTitle = fitLine([{text: ` ${title} `}], Math.min(width, widthOf(title) + 2)).map(span => ({...span, tone, isStrong: true}));
	const rest = width + panelFrame.width - 3 - shownTitle.reduce((sum, {text}) => sum + widthOf(text), 0);
	const shown = lines.slice(0, height - panelFrame.height);

	return [
		[...edge(glyph('topLeft') + glyph('horizontal')), ...shownTitle, ...edge(glyph('horizontal').repeat(Math.max(0, rest)) + glyph('topRight'))],
		inside([]),
		...shown.map(line => inside(line)),
		inside([]),
		edge(glyph('bottomLeft') + glyph('horizontal').repeat(width + panelFrame.width - 2) + glyph('bottomRight')),
	];
};
