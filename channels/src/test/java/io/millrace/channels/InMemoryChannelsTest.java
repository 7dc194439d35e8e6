package io.millrace.channels;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore;

class InMemoryChannelsTest extends ChannelsContract {

  @Override
  Config storage() {
    return InMemoryStore.fresh().config();
  }
}
