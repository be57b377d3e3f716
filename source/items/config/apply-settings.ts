import type {Finding} from '../../domain/item.ts';
import type {Store} from '../../state/store.ts';
import type {AccountRecord} from './account-record.ts';

type Settings = AccountRecord['settings'];

/** Stored settings as they can be now: without tags and groups that do not exist any more, which are told. */
export const usableSettings = async (store: Store, settings: Settings): Promise<{readonly settings: Settings; readonly findings: readonly Finding[]}> => {
	const {tags} = await store.read('tags');
	const {groups} = await store.read('groups');
	const missingTags = settings.tags.filter(tag => tags.every(({name}) => name !== tag));
	const isGroupMissing = settings.priorityGroup !== null && groups.every(({name}) => name !== settings.priorityGroup);

	return {
		settings: {...settings, tags: settings.tags.filter(tag => !missingTags.includes(tag)), priorityGroup: isGroupMissing ? null : settings.priorityGroup},
		findings: [
			...missingTags.map((tag): Finding => ({level: 'note', path: '', message: `config: the tag ${tag} does not exist any more`})),
			...isGroupMissing ? [{level: 'note', path: '', message: `config: the priority group ${settings.priorityGroup!} does not exist any more`} as const] : [],
		],
	};
};

export const applySettings = async (store: Store, uuid: string, settings: Settings): Promise<void> => store.update('accounts', undefined, draft => {
	draft.identities = draft.identities.map(identity => identity.uuid === uuid ? {...identity, ...settings} : identity);
});
