/** From partition key to hash key to shard, and from requests to the shards and back. */
package io.millrace.engine.router;
