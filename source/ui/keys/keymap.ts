/**
Every key of Holdfast's terminal, as data: handlers are looked up here, footers, the `?` help, the `:` palette and the README's table are made from it.
A key has one meaning on a screen; a capital changes or ends something; no destructive act is a Ctrl key.
*/
export type Binding = {
	/** Names as `key-input.ts` gives them. */
	readonly keys: readonly string[];
	/** Two or three words, for the footer and the palette. */
	readonly label: string;
	/** What it does, for the help and the README. */
	readonly help: string;
	/** Its place in the footer, lowest first; without one it is in the help only. */
	readonly footer?: number;
	/** A held key arrives as one call with a count. */
	readonly isRepeatable?: true;
};

type Section = Readonly<Record<string, Binding>>;

/** The same for the job in a list and the job that is looked at. */
const jobActs = {
	run: {
		keys: ['b'], label: 'run now', help: 'Run the job now, for all its accounts', footer: 30,
	},
	toggle: {
		keys: ['e'], label: 'on, off', help: 'Switch its schedules on or off', footer: 50,
	},
	duplicate: {keys: ['d'], label: 'copy', help: 'Make a copy of it, which is off'},
	delete: {keys: ['D'], label: 'delete', help: 'Delete it; its backups stay'},
} as const satisfies Section;

export const sections = {
	everywhere: {
		help: {
			keys: ['?'], label: 'help', help: 'Keys of this screen', footer: 90,
		},
		palette: {
			keys: [':'], label: 'go to', help: 'Palette: any screen, account or act by name', footer: 91,
		},
		undo: {keys: ['u'], label: 'undo', help: 'Undo what was just done, while it is offered'},
		quit: {
			keys: ['q'], label: 'quit', help: 'Quit; what runs goes on', footer: 99,
		},
		interrupt: {keys: ['ctrl-c'], label: 'quit', help: 'Twice: quit from anywhere'},
		goHome: {keys: ['1'], label: 'home', help: 'Home'},
		goAccounts: {keys: ['2'], label: 'accounts', help: 'Accounts'},
		goQueue: {keys: ['3'], label: 'queue', help: 'Queue'},
		goOrphans: {keys: ['4'], label: 'orphans', help: 'Orphans'},
		goJobs: {keys: ['5'], label: 'jobs', help: 'Jobs'},
	},
	moving: {
		down: {
			keys: ['j', 'down'], label: 'down', help: 'Down', isRepeatable: true,
		},
		up: {
			keys: ['k', 'up'], label: 'up', help: 'Up', isRepeatable: true,
		},
		pageDown: {
			keys: ['pagedown'], label: 'page down', help: 'A page down', isRepeatable: true,
		},
		pageUp: {
			keys: ['pageup'], label: 'page up', help: 'A page up', isRepeatable: true,
		},
		first: {keys: ['g', 'home'], label: 'first', help: 'First row'},
		last: {keys: ['G', 'end'], label: 'last', help: 'Last row'},
	},
	panes: {
		otherPane: {keys: ['tab'], label: 'other pane', help: 'To the details of wide screens, and back'},
	},
	leaving: {
		out: {keys: ['escape', 'h', 'left'], label: 'back', help: 'Back, one level'},
	},
	marking: {
		mark: {
			keys: ['space'], label: 'mark', help: 'Mark or unmark, and move down', footer: 20, isRepeatable: true,
		},
		markAll: {keys: ['a'], label: 'mark all', help: 'Mark all shown'},
		markNone: {keys: ['A'], label: 'unmark all', help: 'Unmark all'},
		markOthers: {keys: ['*'], label: 'invert marks', help: 'Invert the marks of all shown'},
	},
	filtering: {
		filter: {
			keys: ['/'], label: 'filter', help: 'Filter as you type: all words, and none of any !word', footer: 40,
		},
	},
	sorting: {
		sort: {keys: ['o'], label: 'sort', help: 'Next sort order'},
		reverse: {keys: ['O'], label: 'reverse', help: 'Reverse the sort order'},
	},
	home: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open the row', footer: 10,
		},
	},
	accounts: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open the account', footer: 10,
		},
		backUp: {
			keys: ['b'], label: 'back up now', help: 'Back up the account, or all marked ones, now', footer: 30,
		},
		tags: {
			keys: ['t'], label: 'tags', help: 'Change the tags of the account, or of all marked', footer: 50,
		},
		priority: {keys: ['p'], label: 'priority', help: 'Set the priority group of it, or of all marked'},
		onDemand: {keys: ['m'], label: 'on demand', help: 'Set how many backups on demand it, or each, may have'},
		settings: {keys: ['s'], label: 'settings', help: 'Change what is set for the account, or for all marked'},
	},
	account: {
		choose: {
			keys: ['enter', 'l', 'right'], label: 'choose', help: 'Do what the row says', footer: 10,
		},
		backUp: {
			keys: ['b'], label: 'back up now', help: 'Back up this account now', footer: 20,
		},
		email: {
			keys: ['e'], label: 'email', help: 'Change the notification address', footer: 30,
		},
		excludes: {
			keys: ['x'], label: 'excludes', help: 'Change what is left out of its backups', footer: 40,
		},
		tags: {
			keys: ['t'], label: 'tags', help: 'Change its tags', footer: 50,
		},
		priority: {keys: ['p'], label: 'priority', help: 'Put it into a priority group'},
	},
	'account settings': {
		choose: {
			keys: ['enter', 'l', 'right'], label: 'change', help: 'Change what the row says', footer: 10,
		},
	},
	encryption: {
		choose: {
			keys: ['enter', 'l', 'right'], label: 'change', help: 'Do what the row says', footer: 10,
		},
	},
	excludes: {
		add: {
			keys: ['n'], label: 'new', help: 'Add a pattern', footer: 10,
		},
		remove: {
			keys: ['D'], label: 'remove', help: 'Remove the pattern, or all that are marked', footer: 15,
		},
	},
	backups: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'choose', help: 'Choose the backup', footer: 10,
		},
		backUp: {
			keys: ['b'], label: 'back up now', help: 'Back up this account now', footer: 30,
		},
		lock: {
			keys: ['L'], label: 'lock', help: 'Lock it, or all marked; unlock those that are locked', footer: 15,
		},
	},
	downloads: {
		save: {
			keys: ['enter', 'l', 'right'], label: 'save', help: 'Save it as a file, or into a folder', footer: 10,
		},
		copy: {
			keys: ['c'], label: 'copy ssh line', help: 'Copy the line that fetches it to another machine', footer: 20,
		},
		delete: {
			keys: ['D'], label: 'delete', help: 'Delete it, or all that are marked', footer: 30,
		},
	},
	assignable: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'backups', help: 'Look at what would be taken over', footer: 10,
		},
		assign: {
			keys: ['s'], label: 'assign', help: 'Give them to the live account, or all that are marked', footer: 30,
		},
	},
	orphans: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'backups', help: 'Look at its backups', footer: 10,
		},
		assign: {
			keys: ['s'], label: 'assign', help: 'Give its backups, or those of all marked, to live ones', footer: 50,
		},
		recreate: {
			keys: ['R'], label: 'recreate', help: 'Bring the account back from its newest backup', footer: 35,
		},
		delete: {
			keys: ['D'], label: 'delete', help: 'Delete it, or all marked ones, with all backups', footer: 30,
		},
	},
	backup: {
		choose: {
			keys: ['enter', 'l', 'right'], label: 'choose', help: 'Do what the row says', footer: 10,
		},
	},
	items: {
		change: {keys: ['enter', 'l', 'right'], label: 'choose', help: 'Tick the row, choose files, or take another backup'},
		tick: {
			keys: ['space'], label: 'tick', help: 'Choose or leave out, and move down', footer: 10,
		},
		tickAll: {keys: ['a'], label: 'tick all', help: 'Choose all of the item'},
		tickNone: {keys: ['A'], label: 'untick all', help: 'Choose nothing of the item'},
		next: {
			keys: ['tab'], label: 'next item', help: 'To the next item', footer: 30,
		},
		previous: {keys: ['shift-tab'], label: 'item before', help: 'To the item before'},
		source: {
			keys: ['b'], label: 'other backup', help: 'Take the item from another backup of the account', footer: 40,
		},
		pack: {
			keys: ['p'], label: 'pack', help: 'Pack what is ticked into a download', footer: 60,
		},
		restore: {
			keys: ['R'], label: 'restore', help: 'Restore what is ticked: options and preview first', footer: 20,
		},
	},
	'other backup': {
		choose: {
			keys: ['enter', 'l', 'right'], label: 'take it', help: 'Take the item from this backup', footer: 10,
		},
	},
	files: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open folder or file; in a search, go where it lies', footer: 20,
		},
		close: {keys: ['h', 'left'], label: 'close', help: 'Close the folder, or go to the one it lies in'},
		tick: {
			keys: ['space'], label: 'tick', help: 'Choose or leave out, and move down', footer: 10,
		},
		tickAll: {keys: ['a'], label: 'tick all', help: 'Choose everything; in a search, all that was found'},
		tickNone: {keys: ['A'], label: 'untick all', help: 'Choose nothing'},
		tickOthers: {keys: ['*'], label: 'invert', help: 'Invert the choice in this folder'},
		search: {
			keys: ['/'], label: 'search', help: 'Search the whole backup: all words, none of any !word', footer: 40,
		},
		view: {
			keys: ['v'], label: 'view', help: 'View a text file as it was', footer: 50,
		},
		restore: {
			keys: ['R'], label: 'restore', help: 'Restore what is ticked: options and preview first', footer: 30,
		},
		pack: {
			keys: ['p'], label: 'pack', help: 'Pack what is ticked into a download', footer: 60,
		},
		leave: {keys: ['escape'], label: 'back', help: 'End the search, or go back; the ticks are kept'},
	},
	options: {
		change: {
			keys: ['enter', 'space', 'l', 'right'], label: 'change', help: 'Change the option; open the list of what would be done', footer: 10,
		},
		restore: {
			keys: ['R'], label: 'restore', help: 'Restore as planned, after a confirmation', footer: 20,
		},
		copy: {
			keys: ['c'], label: 'copy command', help: 'Copy the command that does the same', footer: 30,
		},
	},
	plan: {
		next: {
			keys: ['tab'], label: 'next kind', help: 'Show the next kind of change', footer: 10,
		},
	},
	rollback: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open the list of what would be done', footer: 10,
		},
		rollBack: {
			keys: ['U'], label: 'roll back', help: 'Undo it as planned, after a confirmation', footer: 20,
		},
		copy: {
			keys: ['c'], label: 'copy command', help: 'Copy the command that does the same', footer: 30,
		},
	},
	viewer: {
		copy: {
			keys: ['c'], label: 'copy command', help: 'Copy the command that prints the file', footer: 10,
		},
	},
	task: {
		abort: {
			keys: ['X'], label: 'abort', help: 'Abort the task', footer: 10,
		},
		again: {
			keys: ['R'], label: 'run again', help: 'Run it again', footer: 20,
		},
		rollBack: {
			keys: ['U'], label: 'roll back', help: 'Undo the restore as a whole: a preview comes first', footer: 25,
		},
		backup: {
			keys: ['enter', 'l', 'right'], label: 'its backup', help: 'Open the backup it made or read', footer: 30,
		},
		copy: {
			keys: ['c'], label: 'copy command', help: 'Copy the command that shows the same', footer: 40,
		},
	},
	queue: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open the task', footer: 10,
		},
		abort: {
			keys: ['X'], label: 'abort', help: 'Abort the task, or all that are marked', footer: 20,
		},
		again: {
			keys: ['R'], label: 'run again', help: 'Run again what ended without success', footer: 30,
		},
		clear: {
			keys: ['C'], label: 'clear', help: 'Forget the ended tasks; what they did stays', footer: 35,
		},
	},
	jobs: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open the job', footer: 10,
		},
		add: {
			keys: ['n'], label: 'new', help: 'Make a job', footer: 20,
		},
		...jobActs,
	},
	job: {
		choose: {
			keys: ['enter', 'l', 'right'], label: 'change', help: 'Change what the row says', footer: 10,
		},
		...jobActs,
	},
	tags: {
		add: {
			keys: ['n'], label: 'new', help: 'Make a tag, with a random colour', footer: 10,
		},
		color: {
			keys: ['enter', 'e'], label: 'colour', help: 'Change its colour', footer: 20,
		},
		random: {
			keys: ['x'], label: 'random', help: 'Give it, or all marked, another random colour', footer: 30,
		},
		accounts: {
			keys: ['v', 'l', 'right'], label: 'its accounts', help: 'Show the accounts that have it', footer: 25,
		},
		delete: {keys: ['D'], label: 'delete', help: 'Delete it, or all marked: accounts and groups lose it'},
	},
	groups: {
		add: {
			keys: ['n'], label: 'new', help: 'Make a priority group', footer: 10,
		},
		numbers: {
			keys: ['enter', 'e'], label: 'numbers', help: 'Change its numbers; lower is earlier', footer: 20,
		},
		tags: {
			keys: ['t'], label: 'tags', help: 'Change the tags whose accounts are in it', footer: 30,
		},
		makeDefault: {keys: ['f'], label: 'default', help: 'Make it the group of those that no group claims'},
		delete: {keys: ['D'], label: 'delete', help: 'Delete it, if nothing is in it'},
	},
	settings: {
		change: {
			keys: ['enter', 'l', 'right'], label: 'change', help: 'Change the setting', footer: 10,
		},
		restoreDefault: {
			keys: ['x'], label: 'default', help: 'Bring back the default', footer: 20,
		},
	},
	retention: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Open the backup', footer: 10,
		},
		cleanUp: {
			keys: ['C'], label: 'clean up', help: 'Remove what is not kept, and free its space', footer: 20,
		},
	},
	users: {
		rights: {
			keys: ['enter', 'l', 'right'], label: 'rights', help: 'Change what a USER may see and restore', footer: 10,
		},
		add: {
			keys: ['n'], label: 'new', help: 'Make a user', footer: 20,
		},
		role: {
			keys: ['r'], label: 'role', help: 'Change the role', footer: 30,
		},
		email: {
			keys: ['e'], label: 'email', help: 'Change the mail address', footer: 40,
		},
		password: {
			keys: ['p'], label: 'password', help: 'Change the password; the old one is asked for', footer: 50,
		},
		delete: {keys: ['D'], label: 'delete', help: 'Delete the user; the last administrator stays'},
	},
	rights: {
		flip: {
			keys: ['enter'], label: 'flip', help: 'Turn allow into deny, deny into allow', footer: 10,
		},
		walk: {
			keys: ['w'], label: 'walk', help: 'Walk through the backups to a path', footer: 20,
		},
		allow: {
			keys: ['a'], label: 'allow', help: 'Allow a path: type it, Tab completes', footer: 30,
		},
		deny: {
			keys: ['d'], label: 'deny', help: 'Deny a path: type it, Tab completes', footer: 40,
		},
		remove: {keys: ['D'], label: 'remove', help: 'Remove the exception'},
		test: {keys: ['t'], label: 'test', help: 'Ask about a path; the answer follows every change'},
		save: {
			keys: ['S'], label: 'save', help: 'Save all changes; u takes back one before', footer: 50,
		},
	},
	walk: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'open', help: 'Look inside', footer: 10,
		},
		allow: {
			keys: ['a'], label: 'allow', help: 'Allow it, and all below', footer: 20,
		},
		deny: {
			keys: ['d'], label: 'deny', help: 'Deny it, and all below', footer: 30,
		},
		end: {
			keys: ['w'], label: 'to the rights', help: 'Back to the rights, where they are saved', footer: 40,
		},
	},
	audit: {
		open: {
			keys: ['enter', 'l', 'right'], label: 'show', help: 'Show the whole line', footer: 10,
		},
		who: {
			keys: ['w'], label: 'who', help: 'Show the acts of one user', footer: 20,
		},
		since: {
			keys: ['s'], label: 'since', help: 'Show what was done since a day or a time', footer: 30,
		},
	},
	palette: {
		choose: {keys: ['enter'], label: 'go', help: 'Go there, or do it'},
		close: {keys: ['escape'], label: 'close', help: 'Close'},
	},
	confirmation: {
		yes: {keys: ['y'], label: 'yes', help: 'Yes, do it'},
		no: {keys: ['n', 'escape', 'enter', 'q'], label: 'no', help: 'No, leave everything as it is'},
		copy: {keys: ['c'], label: 'copy command', help: 'Copy the command that does the same'},
		down: {keys: ['down', 'pagedown'], label: 'more', help: 'Show more of a long list'},
		up: {keys: ['up', 'pageup'], label: 'back', help: 'Show what was above'},
	},
	typing: {
		accept: {keys: ['enter'], label: 'accept', help: 'Accept what was typed'},
		cancel: {keys: ['escape'], label: 'cancel', help: 'Cancel'},
		command: {keys: ['tab'], label: 'to the command', help: 'To the command and back, or complete a path'},
		clear: {keys: ['ctrl-u'], label: 'clear', help: 'Clear the field'},
	},
} as const satisfies Readonly<Record<string, Section>>;

export type SectionName = keyof typeof sections;

const list = ['filtering', 'sorting', 'moving', 'leaving', 'everywhere'] as const;
const menu = ['moving', 'leaving', 'everywhere'] as const;

/** Which keys a screen has; the first section is its own. */
export const layers = {
	everywhere: {title: 'Everywhere', sections: ['everywhere']},
	home: {title: 'Home', sections: ['home', ...menu]},
	accounts: {title: 'Accounts', sections: ['accounts', 'marking', 'panes', ...list]},
	account: {title: 'Account', sections: ['account', ...menu]},
	'account settings': {title: 'Account settings', sections: ['account settings', ...menu]},
	encryption: {title: 'Encryption', sections: ['encryption', ...menu]},
	excludes: {title: 'Excludes', sections: ['excludes', 'marking', ...list]},
	backups: {title: 'Backups', sections: ['backups', 'marking', 'panes', ...list]},
	backup: {title: 'Backup', sections: ['backup', ...menu]},
	items: {title: 'Items', sections: ['items', ...menu]},
	'other backup': {title: 'Other backup', sections: ['other backup', 'panes', ...list]},
	files: {title: 'File selection', sections: ['files', 'panes', 'sorting', 'moving', 'everywhere']},
	options: {title: 'Restore', sections: ['options', ...menu]},
	plan: {title: 'Plan', sections: ['plan', 'filtering', ...menu]},
	rollback: {title: 'Roll back', sections: ['rollback', ...menu]},
	viewer: {title: 'View', sections: ['viewer', ...menu]},
	task: {title: 'Task', sections: ['task', ...menu]},
	queue: {title: 'Queue', sections: ['queue', 'marking', 'panes', ...list]},
	orphans: {title: 'Orphans', sections: ['orphans', 'marking', 'panes', ...list]},
	downloads: {title: 'Downloads', sections: ['downloads', 'marking', ...list]},
	assignable: {title: 'Assignable', sections: ['assignable', 'marking', ...list]},
	jobs: {title: 'Jobs', sections: ['jobs', 'marking', ...list]},
	job: {title: 'Job', sections: ['job', ...menu]},
	tags: {title: 'Tags', sections: ['tags', 'marking', ...list]},
	groups: {title: 'Priority groups', sections: ['groups', ...list]},
	settings: {title: 'Settings', sections: ['settings', 'panes', ...list]},
	retention: {title: 'Retention', sections: ['retention', 'panes', ...list]},
	users: {title: 'Users', sections: ['users', ...list]},
	rights: {title: 'Restoration rights', sections: ['rights', ...menu]},
	walk: {title: 'Walk to a path', sections: ['walk', 'filtering', ...menu]},
	audit: {title: 'Audit log', sections: ['audit', ...list]},
	help: {title: 'Help', sections: [...menu]},
	palette: {title: 'Palette', sections: ['palette', 'moving']},
	confirmation: {title: 'Confirmation', sections: ['confirmation']},
	typing: {title: 'Text field', sections: ['typing']},
} as const satisfies Readonly<Record<string, {readonly title: string; readonly sections: readonly SectionName[]}>>;

export type LayerName = keyof typeof layers;

type BindingNames<Name extends SectionName> = {[Key in Name]: keyof (typeof sections)[Key]}[Name];

/** The acts of a layer, those of everywhere left out: the root handles them. */
export type ActName<Name extends LayerName> = BindingNames<Exclude<(typeof layers)[Name]['sections'][number], 'everywhere'>>;

export type NamedBinding = Binding & {readonly act: string; readonly section: SectionName};

/** The bindings of a layer in the order of its sections. */
export const bindingsOf = (name: LayerName): readonly NamedBinding[] => layers[name].sections.flatMap(section => bindingsIn(section));

export const bindingsIn = (section: SectionName): readonly NamedBinding[] =>
	Object.entries<Binding>(sections[section]).map(([act, binding]) => ({...binding, act, section}));
