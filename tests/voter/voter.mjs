// A voter's path on a dev chain, by a client that knows nothing of this chain but what its metadata says: a preimage, a
// referendum with its deposits, votes with conviction, delegated votes, enactment, unlocking, refunds.
//
// Environment: DTEL_CHAIN_URL (WebSocket RPC of a dev chain), DTEL_RESULT (a file for the result, optional),
// DTEL_WHOLE_LOCK=1 to wait until a lock by conviction ends, too. `dtel-run voter` sets all of it.
//
// Nothing here waits for a time: everything waits for blocks, and for so many at most.

import { writeFile } from 'node:fs/promises';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

const DTEL = 10n ** 18n;
const TRACK = 11;
const TRACK_NAME = 'staking_admin';
const LOCK_ID = 'pyconvot';
/** The least that can be delegated: what it becomes. Genesis has 10 DTEL. */
const MIN_DELEGATION = 25n * DTEL;
/** What each voter votes with, of the 1,000,000 DTEL that it has. */
const STAKE = 900_000n * DTEL;
const AGAINST = 1_000n * DTEL;
/** How many blocks a transaction may take to get into one. */
const INCLUSION_BLOCKS = 10;
/** Half of all that can vote votes aye: the referendum passes as soon as it is decided, and that long after it is approved. */
const APPROVAL_BLOCKS = 60;
const ENACTMENT_BLOCKS = 30;
const FINALITY_BLOCKS = 20;

const steps = [];

function ok(text) {
  steps.push({ ok: true, text });
  console.log(`ok - ${text}`);
}

function expect(condition, text) {
  if (!condition) throw new Error(text);
}

function same(what, seen, wanted) {
  if (seen !== wanted) throw new Error(`${what} is ${seen}, and should be ${wanted}`);
}

function dtel(planck) {
  const whole = (planck / DTEL).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole} DTEL`;
}

/** Everything that listens to blocks, so that it can be ended. */
class Chain {
  constructor(api) {
    this.api = api;
    this.watchers = new Set();
    this.events = 0;
    this.failure = null;
  }

  /** Follows best blocks, and decodes all that is in them. */
  async follow() {
    this.unsubscribe = await this.api.rpc.chain.subscribeNewHeads((head) => {
      this.look(head).catch((error) => this.fail(error));
    });
    this.api.on('disconnected', () => this.fail(new Error('the node closed the connection')));
    this.api.on('error', () => this.fail(new Error('the connection to the node failed')));
  }

  fail(error) {
    this.failure ??= error;
    for (const watcher of [...this.watchers]) watcher.reject(error);
  }

  async look(head) {
    const number = head.number.toNumber();
    const at = await this.api.at(head.hash);
    const [events, block] = await Promise.all([at.query.system.events(), this.api.rpc.chain.getBlock(head.hash)]);
    this.events += events.length;
    expect(block.block.extrinsics.length > 0, `block ${number} has no extrinsics`);
    this.best = { number, hash: head.hash };
    for (const watcher of [...this.watchers]) watcher.seen(number, at, events);
  }

  /** Looks at every best block from the next on; what `look` gives, if not undefined. Fails after so many blocks. */
  within(what, blocks, look) {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      let left = blocks;
      let busy = Promise.resolve();
      const end = (then, value) => {
        this.watchers.delete(watcher);
        then(value);
      };
      const watcher = {
        reject: (error) => end(reject, error),
        seen: (number, at, events) => {
          left -= 1;
          const last = left <= 0;
          busy = busy
            .then(() => look(number, at, events))
            .then((found) => {
              if (found !== undefined) end(resolve, found);
              else if (last) end(reject, new Error(`${what}: not within ${blocks} blocks`));
            })
            .catch((error) => end(reject, error));
        },
      };
      this.watchers.add(watcher);
    });
  }

  /** Signs, sends, and waits until it is in a block. An error of the chain is thrown by its name. */
  async send(who, tx) {
    const name = `${tx.method.section}.${tx.method.method}`;
    let unsubscribe = () => {};
    const included = new Promise((resolve, reject) => {
      tx.signAndSend(who, { nonce: -1 }, (result) => {
        const { status, dispatchError, events } = result;
        if (result.isError) reject(new Error(`${name} was refused: ${status.type}`));
        if (!status.isInBlock) return;
        if (dispatchError) reject(this.named(name, dispatchError));
        else resolve({ events, block: status.asInBlock });
      }).then((end) => (unsubscribe = end), reject);
    });
    const late = this.within(`${name} in a block`, INCLUSION_BLOCKS, () => undefined);
    late.catch(() => {});
    try {
      return await Promise.race([included, late]);
    } finally {
      unsubscribe();
    }
  }

  named(name, error) {
    if (!error.isModule) return Object.assign(new Error(`${name}: ${error}`), { chain: error.toString() });
    const { section, name: variant, docs } = this.api.registry.findMetaError(error.asModule);
    const told = new Error(`${name}: ${section}.${variant}: ${docs.join(' ')}`);
    return Object.assign(told, { chain: `${section}.${variant}` });
  }

  /** Sends what must fail in just this way. */
  async refused(who, tx, wanted) {
    try {
      await this.send(who, tx);
    } catch (error) {
      if (error.chain === wanted) return;
      throw error;
    }
    throw new Error(`${tx.method.section}.${tx.method.method} should fail with ${wanted}`);
  }

  /** What votes of an account lock. */
  async lockOf(who) {
    const locks = await this.api.query.balances.locks(who.address);
    const lock = locks.find((lock) => lock.id.toUtf8() === LOCK_ID);
    return lock ? lock.amount.toBigInt() : 0n;
  }

  /** What is held or reserved of an account. */
  async deposits(who) {
    const { data } = await this.api.query.system.account(who.address);
    return data.reserved.toBigInt();
  }

  async minDelegation(api = this.api) {
    const value = await api.query.parameters.parameters({ Staking: { MinDelegation: null } });
    return value.isNone ? null : value.unwrap().asStaking.asMinDelegation.toBigInt();
  }
}

/** The event of that name among those of a transaction or of a block. */
function find(events, section, method) {
  return events.map(({ event }) => event).find((event) => event.section === section && event.method === method);
}

function field(event, name) {
  const at = event.data.names?.indexOf(name) ?? -1;
  expect(at >= 0, `the event ${event.section}.${event.method} has no field ${name}`);
  return event.data[at];
}

/** Metadata is all that a client gets: what it does not know by itself must be empty, and every type must resolve. */
function check_metadata(api, warnings) {
  const { lookup } = api.registry;
  const known = new Set(['CheckNonZeroSender', 'CheckSpecVersion', 'CheckTxVersion', 'CheckGenesis', 'CheckEra']);
  ['CheckMortality', 'CheckNonce', 'CheckWeight', 'ChargeTransactionPayment'].forEach((name) => known.add(name));
  const { extrinsic } = api.runtimeMetadata.asLatest;
  const extensions = [...(extrinsic.signedExtensions ?? extrinsic.transactionExtensions)];
  const unknown = extensions.filter(({ identifier }) => !known.has(identifier.toString()));
  for (const { identifier, type, additionalSigned, implicit } of unknown) {
    const empty = [type, additionalSigned ?? implicit].every(
      (id) => lookup.getTypeDef(id).type === 'Null' || api.registry.createType(lookup.getTypeDef(id).type).encodedLength === 0,
    );
    expect(empty, `the transaction extension ${identifier} carries what a client cannot know`);
  }
  const types = lookup.types.length;
  for (const { id } of lookup.types) lookup.getTypeDef(id);
  const calls = Object.values(api.tx).reduce((sum, section) => sum + Object.keys(section).length, 0);
  // It names what it has no methods for: RPC and runtime APIs that it does not need, and the extensions checked above.
  const harmless = ['Unknown signed extensions', 'RPC methods not decorated', 'Not decorating unknown runtime apis'];
  const odd = warnings.filter((line) => !harmless.some((words) => line.includes(words)));
  same('what the client warned of', odd.join('; '), '');
  ok(
    `metadata V${api.runtimeMetadata.version}: ${types} types, ${Object.keys(api.tx).length} pallets with ${calls} calls, ` +
      `${extensions.length} transaction extensions, of which ${unknown.length} are this chain's and carry nothing`,
  );
}

async function propose(chain, alice) {
  const { api } = chain;
  const { tracks, submissionDeposit } = api.consts.referenda;
  const track = tracks.find(([id]) => id.toNumber() === TRACK)?.[1];
  expect(track, `there is no track ${TRACK}`);
  const name = track.name.toString().replaceAll('\0', '');
  same(`the name of track ${TRACK}`, name, TRACK_NAME);
  same('the parameter before', await chain.minDelegation(), null);
  const before = await chain.deposits(alice);

  const call = api.tx.parameters.setParameter({ Staking: { MinDelegation: [null, MIN_DELEGATION] } });
  const { hash, encodedLength: len } = call.method;
  const noted = await chain.send(alice, api.tx.preimage.notePreimage(call.method.toHex()));
  same('the noted preimage', find(noted.events, 'preimage', 'Noted').data[0].toHex(), hash.toHex());
  const held = (await chain.deposits(alice)) - before;
  expect(held > 0n, 'a preimage must cost a deposit');
  ok(`preimage of ${call.method.section}.${call.method.method} noted (${len} bytes, ${dtel(held)} held)`);

  const submit = api.tx.referenda.submit({ Origins: 'StakingAdmin' }, { Lookup: { hash, len } }, { After: 0 });
  const submitted = find((await chain.send(alice, submit)).events, 'referenda', 'Submitted');
  const index = field(submitted, 'index').toNumber();
  same('the track', field(submitted, 'track').toNumber(), TRACK);
  const placed = await chain.send(alice, api.tx.referenda.placeDecisionDeposit(index));
  expect(find(placed.events, 'referenda', 'DecisionDepositPlaced'), 'the decision deposit must be placed');
  const deposits = submissionDeposit.toBigInt() + track.decisionDeposit.toBigInt();
  same('the deposits of a referendum', (await chain.deposits(alice)) - before - held, deposits);
  ok(`referendum ${index} on track ${TRACK} (${name}), ${dtel(deposits)} deposited`);
  return { index, hash, before, deposits };
}

/** Everybody's votes; gives what the tally must be. */
async function vote(chain, index, people) {
  const { api } = chain;
  const { alice, bob, charlie, dave, eve, others } = people;
  const standard = (aye, conviction, balance) =>
    api.tx.convictionVoting.vote(index, { Standard: { vote: { aye, conviction }, balance } });
  await Promise.all([
    chain.send(alice, standard(true, 'Locked1x', STAKE)),
    chain.send(bob, api.tx.convictionVoting.delegate(TRACK, charlie.address, 'Locked2x', STAKE)),
    chain.send(charlie, standard(true, 'Locked1x', STAKE)),
    chain.send(dave, standard(false, 'Locked1x', AGAINST)),
    chain.send(eve, standard(true, 'None', STAKE)),
    ...others.map((who) => chain.send(who, standard(true, 'Locked1x', STAKE))),
  ]);
  same("Alice's lock", await chain.lockOf(alice), STAKE);
  same("Bob's lock, who delegates", await chain.lockOf(bob), STAKE);
  same("Dave's lock", await chain.lockOf(dave), AGAINST);
  ok(`${4 + others.length} accounts vote with conviction and without, Bob's votes follow Charlie's; their tokens are locked`);

  await chain.refused(bob, standard(true, 'None', STAKE), 'convictionVoting.AlreadyDelegating');
  await chain.refused(dave, standard(false, 'None', 10_000_000n * DTEL), 'convictionVoting.InsufficientFunds');
  ok('who delegates cannot vote as well, and nobody votes with what it does not have');

  const single = BigInt(2 + others.length) * STAKE;
  const expected = {
    // Once for Locked1x, twice for Locked2x, a tenth without conviction.
    ayes: single + 2n * STAKE + STAKE / 10n,
    nays: AGAINST,
    support: BigInt(4 + others.length) * STAKE,
  };
  const info = await api.query.referenda.referendumInfoFor(index);
  same_tally('the tally', info.unwrap().asOngoing.tally, expected);
  ok(`tally: ${dtel(expected.ayes)} aye, ${dtel(expected.nays)} nay, ${dtel(expected.support)} in support`);
  return expected;
}

function same_tally(what, tally, expected) {
  for (const key of ['ayes', 'nays', 'support']) same(`${what}: ${key}`, tally[key].toBigInt(), expected[key]);
}

/** Waits for approval, then for enactment. */
async function decided(chain, index, expected) {
  const approved = await chain.within(`approval of referendum ${index}`, APPROVAL_BLOCKS, async (number, at, events) => {
    const confirmed = find(events, 'referenda', 'Confirmed');
    if (confirmed) same_tally('the tally at the end', field(confirmed, 'tally'), expected);
    const info = (await at.query.referenda.referendumInfoFor(index)).unwrap();
    expect(info.isOngoing || info.isApproved, `referendum ${index} was ${info.type}`);
    return info.isApproved ? info.asApproved[0].toNumber() : undefined;
  });
  ok(`approved in block ${approved}`);
  const enacted = await chain.within('enactment', ENACTMENT_BLOCKS, async (number, at, events) => {
    const results = events.filter(({ event }) => event.section === 'scheduler' && event.method === 'Dispatched');
    for (const { event } of results) expect(field(event, 'result').isOk, `what was enacted in block ${number} failed`);
    const value = await chain.minDelegation(at);
    if (value === null) return undefined;
    same('the parameter', value, MIN_DELEGATION);
    return number;
  });
  ok(`enacted by block ${enacted}: the least that can be delegated is ${dtel(MIN_DELEGATION)}`);
  return { approved, enacted };
}

/** What the new parameter changes for people. */
async function in_force(chain, people) {
  const { api } = chain;
  const [operator, holder] = people.others;
  const points = { rate: 0, most: 0, rise: 0 };
  await chain.send(operator, api.tx.staking.bond(10_000n * DTEL, points));
  await chain.refused(holder, api.tx.staking.delegate(operator.address, MIN_DELEGATION - 1n), 'staking.BelowMinimum');
  await chain.send(holder, api.tx.staking.delegate(operator.address, MIN_DELEGATION));
  ok('it is in force: less cannot be delegated, as much can; and locked tokens can be staked');
}

async function unlock(chain, index, approved, people) {
  const { api } = chain;
  const { alice, bob, charlie, dave, eve } = people;
  const remove = (who) => chain.send(who, api.tx.convictionVoting.removeVote(TRACK, index));
  const unlocked = async (who) => {
    await chain.send(dave, api.tx.convictionVoting.unlock(TRACK, who.address));
    return chain.lockOf(who);
  };
  const period = api.consts.convictionVoting.voteLockingPeriod.toNumber();

  await chain.refused(dave, api.tx.convictionVoting.removeOtherVote(charlie.address, TRACK, index), 'convictionVoting.NoPermissionYet');
  await remove(dave);
  same("Dave's lock, who lost", await unlocked(dave), 0n);
  await remove(eve);
  same("Eve's lock, who voted without conviction", await unlocked(eve), 0n);
  ok('who lost, or voted without conviction, unlocks at once; nobody removes the vote of another whose conviction holds');

  same("Alice's lock, whose vote stands", await unlocked(alice), STAKE);
  await remove(alice);
  same("Alice's lock, too early", await unlocked(alice), STAKE);
  const voting = await api.query.convictionVoting.votingFor(alice.address, TRACK);
  const [until, amount] = voting.asCasting.prior;
  same('the end of her lock', until.toNumber(), approved + period);
  same('what it locks', amount.toBigInt(), STAKE);
  const free = (await api.query.system.account(alice.address)).data;
  const most = free.free.toBigInt() - STAKE + 10_000n * DTEL;
  const moved = chain.send(alice, api.tx.balances.transferKeepAlive(dave.address, most));
  await moved.then(
    () => Promise.reject(new Error('Alice moved tokens that are locked')),
    (error) => expect(/Frozen|FundsUnavailable|LiquidityRestrictions/.test(error.chain ?? ''), `the transfer failed otherwise: ${error.message}`),
  );
  ok(`unlocking too early changes nothing: ${dtel(STAKE)} of Alice stay until block ${approved + period}, and cannot be moved`);

  const undelegated = await chain.send(bob, api.tx.convictionVoting.undelegate(TRACK));
  const number = (await api.rpc.chain.getHeader(undelegated.block)).number.toNumber();
  same("Bob's lock, who delegated", await unlocked(bob), STAKE);
  const [bobUntil] = (await api.query.convictionVoting.votingFor(bob.address, TRACK)).asCasting.prior;
  same('the end of his lock', bobUntil.toNumber(), number + 2 * period);
  ok(`Bob, who delegated with Locked2x, stays locked until block ${number + 2 * period}`);
  return approved + period;
}

async function refund(chain, alice, { index, hash, before }) {
  const { api } = chain;
  await chain.refused(alice, api.tx.referenda.refundDecisionDeposit(index + 1), 'referenda.BadReferendum');
  await chain.send(alice, api.tx.referenda.refundDecisionDeposit(index));
  await chain.send(alice, api.tx.referenda.refundSubmissionDeposit(index));
  await chain.send(alice, api.tx.preimage.unnotePreimage(hash));
  same("Alice's deposits in the end", await chain.deposits(alice), before);
  ok('the deposits of the referendum and of the preimage are returned');
}

async function final(chain, enacted) {
  await chain.within(`finality of block ${enacted}`, FINALITY_BLOCKS, async () => {
    const hash = await chain.api.rpc.chain.getFinalizedHead();
    const number = (await chain.api.rpc.chain.getHeader(hash)).number.toNumber();
    if (number < enacted) return undefined;
    same('the parameter in a final block', await chain.minDelegation(await chain.api.at(hash)), MIN_DELEGATION);
    return number;
  });
  ok(`block ${enacted} is final`);
}

async function whole_lock(chain, alice, dave, until) {
  const left = Math.max(until - chain.best.number, 0) + FINALITY_BLOCKS;
  await chain.within("the end of Alice's lock", left, (number) => (number >= until ? number : undefined));
  await chain.send(dave, chain.api.tx.convictionVoting.unlock(TRACK, alice.address));
  same("Alice's lock in the end", await chain.lockOf(alice), 0n);
  ok(`from block ${until} on anybody unlocks Alice's tokens`);
}

async function run() {
  const url = process.env.DTEL_CHAIN_URL;
  expect(url, 'DTEL_CHAIN_URL is not set');
  const warnings = [];
  const warn = console.warn;
  console.warn = (...words) => warnings.push(words.join(' '));
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: false, throwOnConnect: true });
  console.warn = warn;
  const chain = new Chain(api);
  try {
    check_metadata(api, warnings);
    await chain.follow();
    const ring = new Keyring({ type: 'sr25519' });
    const named = (name) => ring.addFromUri(`//${name}`);
    const people = {
      alice: named('Alice'),
      bob: named('Bob'),
      charlie: named('Charlie'),
      dave: named('Dave'),
      eve: named('Eve'),
      others: ['Ferdie', 'Op1', 'Op2', 'Op3', 'Op4'].map(named),
    };
    const proposal = await propose(chain, people.alice);
    const tally = await vote(chain, proposal.index, people);
    const { approved, enacted } = await decided(chain, proposal.index, tally);
    await in_force(chain, people);
    const until = await unlock(chain, proposal.index, approved, people);
    await refund(chain, people.alice, proposal);
    await final(chain, enacted);
    if (process.env.DTEL_WHOLE_LOCK) await whole_lock(chain, people.alice, people.dave, until);
    if (chain.failure) throw chain.failure;
    ok(`${chain.events} events in ${chain.best.number} blocks decoded without types of this chain`);
    return { referendum: proposal.index, approved, enacted, blocks: chain.best.number, events: chain.events };
  } finally {
    chain.unsubscribe?.();
    await api.disconnect();
  }
}

async function report(figures, error) {
  if (error) steps.push({ ok: false, text: error.message });
  const file = process.env.DTEL_RESULT;
  if (file) await writeFile(file, `${JSON.stringify({ passed: !error, figures, steps }, null, 2)}\n`);
}

run().then(
  (figures) => report(figures).then(() => process.exit(0)),
  (error) =>
    report(null, error).then(() => {
      console.log(`not ok - ${error.stack ?? error.message ?? error}`);
      process.exit(1);
    }),
);
