/** Awaits, clocks and seeds for our own tests; knows no other module of ours. */
package io.millrace.testkit;
