/** Delivery of the records of leased shards as objects. */
package io.millrace.channels.delivery;
