/** Who lives in the sandbox of the demo. */
export type DemoAccount = {
	readonly name: string;
	readonly uid: number;
	readonly isSuspended?: boolean;
	readonly isAdministrator?: boolean;
	/** Name of the reseller that owns it. */
	readonly owner?: string;
	readonly tags?: readonly string[];
	readonly email?: string;
	/** How many files its site has, about. */
	readonly siteFiles: number;
	readonly mails: number;
};

export const demoTags = [{name: 'vip', color: '#d79921'}, {name: 'shop', color: '#458588'}, {name: 'blog', color: '#98971a'}] as const;

const alice: DemoAccount = {
	name: 'alice', uid: 5001, tags: ['vip', 'shop'], email: 'alice@example.com', siteFiles: 160, mails: 40,
};
const bob: DemoAccount = {
	name: 'bob', uid: 5002, isSuspended: true, tags: ['blog'], siteFiles: 60, mails: 12,
};
const carol: DemoAccount = {
	name: 'carol', uid: 5003, email: 'carol@example.net', siteFiles: 20, mails: 30,
};
const dave: DemoAccount = {
	name: 'dave', uid: 5004, owner: 'carol', tags: ['shop'], siteFiles: 90, mails: 8,
};
const erin: DemoAccount = {
	name: 'erin', uid: 5005, owner: 'carol', siteFiles: 15, mails: 0,
};
const olga: DemoAccount = {
	name: 'olga', uid: 5006, isAdministrator: true, siteFiles: 5, mails: 6,
};
/** Removed with her home: an orphan. */
const frank: DemoAccount = {
	name: 'frank', uid: 5007, tags: ['blog'], siteFiles: 70, mails: 20,
};
/** Removed, and made again: another identity, to which the former one's backups can be assigned. */
const grace: DemoAccount = {
	name: 'grace', uid: 5008, siteFiles: 40, mails: 15,
};
const newGrace: DemoAccount = {
	name: 'grace', uid: 5009, siteFiles: 6, mails: 0,
};

/** The users of the machine at first, after some were removed, and at last. */
export const demoStages = {
	first: [alice, bob, carol, dave, olga, frank, grace],
	thinned: [alice, bob, carol, dave, olga],
	last: [alice, bob, carol, dave, erin, olga, newGrace],
} as const satisfies Record<string, readonly DemoAccount[]>;
