import {useReducer} from 'react';
import type {BackupView} from '../../../domain/backup-view.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText, type RawPath} from '../../../domain/raw-name.ts';
import {countOf} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import type {Movement} from '../../list/cursor.ts';
import {movingHandlers} from '../../list/use-list.ts';
import {clipStart, fitSides} from '../../look/fit.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useCopy} from '../../use-copy.ts';
import {useLoaded} from '../../use-loaded.ts';
import {scrollTo} from '../../components/scroll.ts';
import {readText} from './read-text.ts';

/** A stored text file, as it was. */
export function ViewerScreen({backup, path}: {readonly backup: BackupView; readonly path: RawPath}) {
	const {data} = useSession();
	const {leave} = useInterface();
	const {width, height} = useBodySize();
	const copy = useCopy();
	const {value, error} = useLoaded('text', async () => readText(await data.readStoredFile({backup: backup.id, path})));
	const lines = value?.lines ?? [];
	const [top, move] = useReducer((current: number, movement: Movement) => scrollTo(current, movement, {lineCount: lines.length, height}), 0);

	const keys = useKeys('viewer', {
		...movingHandlers(move),
		out: leave,
		copy() {
			copy(`holdfast backup cat ${backup.id} ${quoteArgument(toText(path))}`);
		},
	});

	const shown: readonly Line[] = lines.slice(top, top + height).map(text => [plain(` ${text}`)]);
	const shownPath = clipStart(showName(path), width - 24);
	const place = lines.length === 0 ? '' : `${countOf(lines.length, 'line')}, ${percentSeen(top + height, lines.length)} % `;

	return (
		<Screen info={fitSides([muted(` ${shownPath}`)], [muted(place)], width)} keys={keys}>
			<Lines
				height={height}
				lines={error === undefined ? [...shown, ...remarkLines(value)] : [[], ...errorLines(error)]}
				width={width}
			/>
		</Screen>
	);
}

const percentSeen = (seen: number, count: number): number => Math.min(100, Math.round(seen / count * 100));

const remarkLines = (value: {readonly remark: string | undefined; readonly lines: readonly string[]} | undefined): readonly Line[] => {
	if (value === undefined) {
		return [[], [muted('   Reading the file ...')]];
	}

	if (value.remark !== undefined) {
		return [[], [toned('warning', `   ${value.remark}`)]];
	}

	return value.lines.length === 0 ? [[], [muted('   The file is empty.')]] : [];
};
