/**
 * What the engine asks of the place where its events are kept. A storage is a plug-in named in
 * configuration; the engine never names a database.
 */
package io.millrace.engine.storage;
