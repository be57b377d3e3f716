import {useEffect, useState} from 'react';
import {parseGlob} from '../../../domain/glob.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText} from '../../../domain/raw-name.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {UserError} from '../../../errors.ts';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {problemOf} from '../../fields/problem-of.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {showName} from '../../look/name.ts';
import {muted, plain} from '../../look/span.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';

const excludesList: ListDescription<string> = {
	idOf: pattern => pattern,
	searchText: pattern => pattern,
	sorts: [sortBy('pattern', pattern => pattern)],
};

const columns: ReadonlyArray<Column<string>> = [
	{title: 'LEFT OUT OF BACKUPS', width: {share: 1, least: 20}, cell: pattern => plain(pattern)},
	{title: 'WHERE', width: 34, cell: pattern => muted(pattern.includes('/') ? 'from the home' : 'any depth')},
];

/** The patterns that are left out of an account's backups. */
export function ExcludesScreen({account}: {readonly account: AccountReference}) {
	const {data, isReadOnly} = useSession();
	const {askText, notify} = useInterface();
	const {width, height} = useBodySize();
	const act = useAct();
	const reload = useReload();
	const {value, error} = useLoaded('excludes', async () => data.showAccount(account.uuid));
	const size = useExcludedSize(account.uuid, value?.excludes);
	const list = useList({description: excludesList, items: value?.excludes, height: height - headingHeight});
	const {focused} = list;

	const change = (changes: {readonly excludesToAdd?: readonly string[]; readonly excludesToRemove?: readonly string[]}, sentence: string, undo: () => void) => {
		act(async () => {
			await data.setAccount(account.uuid, changes);
			reload();
			notify({text: sentence, tone: 'good', undo});
		});
	};

	const add = (pattern: string) => {
		change({excludesToAdd: [pattern]}, `${pattern} is left out from the next backup on.`, () => {
			remove(pattern);
		});
	};

	const remove = (pattern: string) => {
		change({excludesToRemove: [pattern]}, `${pattern} is backed up again from the next backup on.`, () => {
			add(pattern);
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
				add(pattern);
			}
		});
	};

	const keys = useKeys('excludes', {
		...list.handlers,
		add: isReadOnly ? 'Holdfast was started read-only.' : ask,
		remove: whyNotRemove(isReadOnly, focused) ?? (() => {
			remove(focused!);
		}),
	});

	return (
		<Screen
			info={[muted(` ${countOf(value?.excludes.length ?? 0, 'pattern')}; ${size}; the same: holdfast account set ${quoteArgument(toText(account.name))} --add-exclude PATTERN`)]}
			keys={keys}
		>
			<ListBody
				columns={columns}
				description={excludesList}
				emptyText='Nothing is left out: the whole home is backed up. n adds a pattern.'
				error={error}
				state={list.state}
				waitingFor={value === undefined ? 'Reading the account' : undefined}
				width={width}
			/>
		</Screen>
	);
}

/** What the patterns leave out of the home right now, in words. */
const useExcludedSize = (account: string, excludes: readonly string[] | undefined): string => {
	const {data, end} = useSession();
	const [size, setSize] = useState('measuring what they leave out ...');

	useEffect(() => {
		const controller = new AbortController();

		const measure = async () => {
			try {
				const {excluded} = await data.measureAccount(account, excludes!, controller.signal);
				setSize(`left out now: ${countOf(excluded.files, 'file')}, ${formatBytes(excluded.bytes)}`);
			} catch (error) {
				if (controller.signal.aborted) {
					return;
				}

				if (error instanceof UserError) {
					setSize(error.message);
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

	return size;
};

const whyNotRemove = (isReadOnly: boolean, focused: string | undefined): string | undefined => {
	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	return focused === undefined ? 'There is no pattern to remove.' : undefined;
};

const patternProblem = problemOf(parseGlob);
