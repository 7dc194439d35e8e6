package io.millrace.engine.tail;

import io.millrace.engine.storage.Storage;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.TailFollowingContract;

class InMemoryTailFollowingTest extends TailFollowingContract {

  @Override
  protected Storage openStorage() {
    return InMemoryStore.fresh().open();
  }
}
