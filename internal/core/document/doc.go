// Package document holds what the vendors' services answer: users, groups, jobs, logs, records, links and
// accounts as Go values, and the only decoder of their bytes. Live connectors and bundles hand it the same bytes,
// so an answer fetched now and an answer saved a year ago are read alike.
//
// Decoders stream: one element of a list is in memory at a time, whatever the size of the document. They are
// strict about what is broken (an Error says where) and tolerant about what a service may add or leave out:
// unknown properties, keys beside the list, a bare list, a byte-order mark. What a document does not say is kept
// apart from what it says is empty (Opt, Members.Known, Extent).
//
// The package decides nothing and joins nothing; package facts does. It opens no file and knows no network.
package document
