import type {AccountChanges} from '../../../domain/account-changes.ts';
import type {AccountView} from '../../../domain/account-view.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {UserError} from '../../../errors.ts';
import {useInterface} from '../../interface.ts';
import {glyph} from '../../look/appearance.ts';
import {showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';

/** Nobody waits longer for a number before a question. */
const patienceMs = 10_000;

type Measure = (accounts: readonly AccountView[], changes: AccountChanges) => Promise<readonly Line[]>;

/** Tells what the excludes of accounts would leave out right now, of as many of them as can be measured in time. */
export const useMeasuredExcludes = (): Measure => {
	const {data} = useSession();
	const {notify} = useInterface();

	return async (accounts, changes) => {
		const signal = AbortSignal.timeout(patienceMs);
		const problems: Line[] = [];
		let files = 0;
		let bytes = 0;
		let measured = 0;

		notify({text: `Measuring what would be left out ${glyph('ellipsis')}`, tone: 'accent'});

		for (const account of accounts) {
			try {
				const {excluded} = await data.measureAccount(account.uuid, excludesAfter(account, changes), signal);
				files += excluded.files;
				bytes += excluded.bytes;
				measured++;
			} catch (error) {
				if (signal.aborted) {
					break;
				}

				if (!(error instanceof UserError)) {
					throw error;
				}

				problems.push([toned('warning', showSentence(error.message))]);
			}
		}

		notify({text: `Measured the homes of ${measured} of ${countOf(accounts.length, 'account')}.`, tone: 'plain'});

		return [
			[plain(`Left out then, as the homes are now: ${countOf(files, 'file')}, ${formatBytes(bytes)}.`)],
			...(measured < accounts.length ? [[muted(`That is of ${measured} of ${countOf(accounts.length, 'account')}; the others were not measured.`)]] : []),
			...problems.slice(0, 2),
		];
	};
};

const excludesAfter = ({excludes}: AccountView, {excludesToAdd = [], excludesToRemove = []}: AccountChanges): readonly string[] =>
	[...new Set([...excludes, ...excludesToAdd])].filter(pattern => !excludesToRemove.includes(pattern));
