import {useEffect, useMemo, useState} from 'react';
import type {PatternSize} from '../../../actions/measure-account.ts';
import {parseGlob} from '../../../domain/glob.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText} from '../../../domain/raw-name.ts';
import {countOf, formatBytes, formatCount} from '../../../domain/units.ts';
import {UserError} from '../../../errors.ts';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {problemOf} from '../../fields/problem-of.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {glyph} from '../../look/appearance.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted, plain} from '../../look/span.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {useWhyNot} from '../../use-change.ts';
import {useLoaded} from '../../use-loaded.ts';

type Exclude = {
	readonly pattern: string;
	/** What it alone leaves out now; `undefined` until it is measured. */
	readonly size: PatternSize | undefined;
};

const excludesList: ListDescription<Exclude> = {
	idOf: ({pattern}) => pattern,
	searchText: ({pattern}) => pattern,
	sorts: [sortBy('pattern', ({pattern}) => pattern), sortBy('size', ({size}) => size?.bytes ?? -1, true), sortBy('files', ({size}) => size?.files ?? -1, true)],
	bytesOf: ({size}) => size?.bytes ?? 0,
};

const columns: ReadonlyArray<Column<Exclude>> = [
	{title: 'LEFT OUT OF BACKUPS', width: {share: 1, least: 20}, cell: ({pattern}) => plain(pattern)},
	{title: 'WHERE', width: 13, cell: ({pattern}) => muted(pattern.includes('/') ? 'from the home' : 'any depth')},
	{
		title: 'FILES', width: 9, alignment: 'right', cell: ({size}) => size === undefined ? muted(glyph('ellipsis')) : plain(formatCount(size.files)),
	},
	{
		title: 'SIZE NOW', width: 8, alignment: 'right', cell: ({size}) => size === undefined ? muted(glyph('ellipsis')) : plain(formatBytes(size.bytes)),
	},
];

/** The patterns that are left out of an account's backups. */
export function ExcludesScreen({account}: {readonly account: AccountReference}) {
	const {data} = useSession();
	const {askText, notify} = useInterface();
	const {height} = useBodySize();
	const act = useAct();
	const reload = useReload();
	const {value, error} = useLoaded('excludes', async () => data.showAccount(account.uuid));
	const measured = useMeasured(account.uuid, value?.excludes);
	const excludes = useMemo(() => value?.excludes.map((pattern): Exclude => ({pattern, size: measured.patterns.find(each => each.pattern === pattern)})), [value, measured]);
	const list = useList({description: excludesList, items: excludes, height: height - headingHeight - 1});
	const {chosen} = list;

	const change = (changes: {readonly excludesToAdd?: readonly string[]; readonly excludesToRemove?: readonly string[]}, sentence: string, undo: () => void) => {
		act(async () => {
			await data.setAccount(account.uuid, changes);
			reload();
			notify({text: sentence, tone: 'good', undo});
		});
	};

	const add = (patterns: readonly string[]) => {
		change({excludesToAdd: patterns}, `${patterns.join(', ')} ${patterns.length === 1 ? 'is' : 'are'} left out from the next backup on.`, () => {
			remove(patterns);
		});
	};

	const remove = (patterns: readonly string[]) => {
		change({excludesToRemove: patterns}, `${patterns.join(', ')} ${patterns.length === 1 ? 'is' : 'are'} backed up again from the next backup on.`, () => {
			add(patterns);
		});
	};

	const ask = () => {
		act(async () => {
			const pattern = await askText({
				title: `Exclude for ${showName(account.name)}`,
				hint: '* and ? within a name, ** across folders, {a,b}, [abc]. Without / it matches at any depth, with / from the home.',
				text: '',
				check: text => text === '' ? undefined : patternProblem(text),
			});

			if (pattern !== undefined && pattern !== '') {
				add([pattern]);
			}
		});
	};

	const keys = useKeys('excludes', {
		...list.handlers,
		add: useWhyNot('any', 'pattern', 'setAccount') ?? ask,
		remove: useWhyNot(chosen[0], 'pattern', 'setAccount') ?? (() => {
			remove(chosen.map(({pattern}) => pattern));
		}),
	});

	return (
		<ListScreen
			columns={columns}
			description={excludesList}
			emptyText='Nothing is left out: the whole home is backed up. n adds a pattern.'
			error={error}
			footer={[[muted(`   the same: holdfast account set ${quoteArgument(toText(account.name))} --add-exclude PATTERN`)]]}
			keys={keys}
			list={list}
			remark={measured.text}
			waitingFor={value === undefined ? 'Reading the account' : undefined}
		/>
	);
}

type Measured = {readonly text: string; readonly patterns: readonly PatternSize[]};

/** What the patterns leave out of the home right now; the last sizes stay while it is measured again. */
const useMeasured = (account: string, excludes: readonly string[] | undefined): Measured => {
	const {data, end} = useSession();
	const [measured, setMeasured] = useState<Measured>({text: 'measuring what they leave out ...', patterns: []});

	useEffect(() => {
		const controller = new AbortController();

		const measure = async () => {
			try {
				const {excluded, patterns} = await data.measureAccount(account, excludes!, controller.signal);
				setMeasured({text: `left out now: ${countOf(excluded.files, 'file')}, ${formatBytes(excluded.bytes)}`, patterns});
			} catch (error) {
				if (controller.signal.aborted) {
					return;
				}

				if (error instanceof UserError) {
					setMeasured({text: showSentence(error.message), patterns: []});
				} else {
					end(error);
				}
			}
		};

		if (excludes !== undefined) {
			void measure();
		}

		return () => {
			controller.abort();
		};
	}, [account, excludes, data, end]);

	return measured;
};

const patternProblem = problemOf(parseGlob);
