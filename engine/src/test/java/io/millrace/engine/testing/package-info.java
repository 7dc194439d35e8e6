/**
 * What tests of the engine and of the modules above it share: a storage in memory whose failures a
 * test commands, and a clock that stands still.
 */
package io.millrace.engine.testing;
