// How Mercurius and Yoga read: one statement for each relation of a request, whatever the number of
// parents (DataLoader), prepared once on each connection of a pool.
import { readFileSync } from 'node:fs'
import DataLoader from 'dataloader'
import pg from 'pg'

// Days and instants stay text; a JavaScript Date would lose microseconds.
for (const type of [1082, 1184]) pg.types.setTypeParser(type, (text) => text)

const pool = new pg.Pool({ connectionString: process.env.BENCH_PEER, max: 10, idleTimeoutMillis: 0 })
export const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')

const TODAY = '(now() AT TIME ZONE a.time_zone)::date'
const IN_FORCE = `SELECT v.* FROM tariff_version v
  WHERE v.tariff_id = p.tariff_id
    AND (v.valid_from_for_existing <= ${TODAY} OR v.valid_from <= p.agreed_on)
  ORDER BY v.valid_from DESC, v.id DESC LIMIT 1`

const statements = {
  account: 'SELECT k.k, a.* FROM unnest($1::uuid[]) k JOIN account a ON a.id = k.k',
  person: 'SELECT k.k, p.* FROM unnest($1::uuid[]) k JOIN person p ON p.id = k.k',
  owner: `SELECT k.k, p.name, p.email FROM unnest($1::uuid[]) k
    JOIN member o ON o.id = k.k JOIN person p ON p.id = o.person_id`,
  contract: 'SELECT k.k, c.* FROM unnest($1::uuid[]) k JOIN contract c ON c.account_id = k.k',
  modules: `SELECT k.k, m.* FROM unnest($1::uuid[]) k CROSS JOIN LATERAL (
    SELECT * FROM module_subscription m WHERE m.account_id = k.k
    ORDER BY m.starts_on, m.id LIMIT $2) m`,
  module: 'SELECT k.k, m.* FROM unnest($1::uuid[]) k JOIN module m ON m.id = k.k',
  tariff: `SELECT k.k, p.* FROM unnest($1::uuid[]) k
    JOIN module_subscription m ON m.id = k.k JOIN account a ON a.id = m.account_id
    CROSS JOIN LATERAL (
      SELECT * FROM tariff_period p
      WHERE p.account_id = m.account_id AND p.module_subscription_id = m.id
        AND (p.starts_on <= ${TODAY} OR p.starts_on = m.starts_on)
      ORDER BY p.starts_on DESC, p.id DESC LIMIT 1) p`,
  priceList: `SELECT k.k, v.* FROM unnest($1::uuid[]) k
    JOIN tariff_period p ON p.id = k.k JOIN account a ON a.id = p.account_id
    CROSS JOIN LATERAL (${IN_FORCE}) v`,
  sections: `SELECT k.k, s.* FROM unnest($1::uuid[]) k
    JOIN price_list_section s ON s.tariff_version_id = k.k ORDER BY s.position, s.id`,
  items: `SELECT k.k, i.* FROM unnest($1::uuid[]) k
    JOIN item i ON i.price_list_section_id = k.k AND NOT i.is_additional_option ORDER BY i.position, i.id`,
  costs: `SELECT k.k, c.* FROM unnest($1::uuid[]) k
    JOIN module_subscription m ON m.id = k.k CROSS JOIN LATERAL module_subscription_costs(m) c`,
  history: `SELECT k.k, h.* FROM unnest($1::uuid[]) k CROSS JOIN LATERAL (
    SELECT * FROM history_entry h WHERE h.account_id = k.k
    ORDER BY h.number DESC, h.id DESC LIMIT $2) h`,
  values: `SELECT k.k, CASE v.field WHEN 'Contract.deviatingPaymentTerms'
    THEN 'Contract.paymentTerms.deviating' ELSE v.field END AS field FROM unnest($1::uuid[]) k
    JOIN history_value v ON v.history_entry_id = k.k ORDER BY v.position, v.id`,
  accountsOf: `SELECT k.k, a.* FROM unnest($1::uuid[]) k CROSS JOIN LATERAL (
    SELECT a.* FROM member m JOIN account a ON a.id = m.account_id
    WHERE m.person_id = k.k ORDER BY a.name, a.id LIMIT $2) a`,
  monthlyTotal: `SELECT k.k, account_monthly_total(a) total
    FROM unnest($1::uuid[]) k JOIN account a ON a.id = k.k`,
}

async function query(name, text, values) {
  return (await pool.query({ name, text, values })).rows
}

// One loader for each relation and page size, as long as a request lasts.
export function loadersOf() {
  const loaders = new Map()
  return (name, first) => {
    const known = `${name} ${first}`
    let loader = loaders.get(known)
    if (!loader) {
      loader = new DataLoader(async (keys) => {
        const values = first === undefined ? [keys] : [keys, first]
        const found = new Map(keys.map((key) => [key, []]))
        for (const row of await query(name, statements[name], values)) found.get(row.k).push(row)
        return keys.map((key) => found.get(key))
      })
      loaders.set(known, loader)
    }
    return loader
  }
}

const one = (rows) => rows[0] ?? null
const page = (rows) => ({ edges: rows.map((node) => ({ node })) })
const terms = (row, prefix) =>
  row[`${prefix}_name`] === null
    ? null
    : { name: row[`${prefix}_name`], dueDays: row[`${prefix}_due_days`], method: row[`${prefix}_method`] }
const address = (row, prefix) =>
  row[`${prefix}_name`] === null
    ? null
    : {
        name: row[`${prefix}_name`],
        street: row[`${prefix}_street`],
        postalCode: row[`${prefix}_postal_code`],
        city: row[`${prefix}_city`],
        country: row[`${prefix}_country`],
        kind: row[`${prefix}_kind`],
        attention: row[`${prefix}_attention`],
      }
const named = (name) => (row) => row[name]
// The benchmark's callers all read Dutch.
const words = (name) => (row) => ({ value: row[`${name}_translations`].nl ?? row[name] })

export const resolvers = {
  Query: {
    viewer: async (_, __, { person, load }) => one(await load('person').load(person)),
    account: async (_, { id }, { load }) => one(await load('account').load(id)),
    accounts: async (_, { first }) =>
      page(await query('accounts', 'SELECT * FROM account ORDER BY name, id LIMIT $1', [first])),
  },
  Viewer: {
    accounts: async (row, { first }, { load }) => page(await load('accountsOf', first).load(row.id)),
  },
  Account: {
    customerNumber: named('customer_number'),
    monthlyTotal: async (row, _, { load }) => one(await load('monthlyTotal').load(row.id)).total,
    owner: async (row, _, { load }) => one(await load('owner').load(row.owner_id)),
    contract: async (row, _, { load }) => one(await load('contract').load(row.id)),
    modules: async (row, { first }, { load }) => page(await load('modules', first).load(row.id)),
    history: async (row, { first }, { load }) => page(await load('history', first).load(row.id)),
  },
  Contract: {
    contractPartner: (row) => address(row, 'contract_partner'),
    billingAddress: (row) => address(row, 'billing_address'),
    paymentTerms: (row) => row,
    vatTreatment: named('vat_treatment'),
    vatNumber: named('vat_number'),
    documentDelivery: (row) => ({
      recipients: row.document_delivery_recipients,
      mode: row.document_delivery_mode,
    }),
    purchaseOrderNumber: named('purchase_order_number'),
    concludedOn: named('concluded_on'),
  },
  ContractPaymentTerms: {
    general: (row) => terms(row, 'general_payment_terms'),
    deviating: (row) => terms(row, 'deviating_payment_terms'),
  },
  ModuleSubscription: {
    startsOn: named('starts_on'),
    endsOn: named('ends_on'),
    module: async (row, _, { load }) => one(await load('module').load(row.module_id)),
    currentTariff: async (row, _, { load }) => one(await load('tariff').load(row.id)),
    costs: (row, _, { load }) => load('costs').load(row.id),
  },
  TariffPeriod: {
    startsOn: named('starts_on'),
    priceList: async (row, _, { load }) => one(await load('priceList').load(row.id)),
  },
  PriceList: {
    validFrom: named('valid_from'),
    sections: (row, _, { load }) => load('sections').load(row.id),
  },
  Module: { name: words('name') },
  PriceListSection: {
    title: words('title'),
    items: (row, _, { load }) => load('items').load(row.id),
  },
  Item: {
    name: words('name'),
    unit: words('unit'),
    unitPrice: named('unit_price'),
    billingMode: named('billing_mode'),
  },
  CostLine: {
    name: words('name'),
    unitPrice: named('unit_price'),
    agreedPrice: named('agreed_price'),
    discountPercent: named('discount_percent'),
    monthlyAmount: named('monthly_amount'),
  },
  HistoryEntry: {
    actorRole: named('actor_role'),
    values: (row, _, { load }) => load('values').load(row.id),
  },
}
