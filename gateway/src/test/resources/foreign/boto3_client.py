"""The Python client against a gateway: puts, reads, subscribes, and sees typed errors. Prints ok at the end."""
import sys
import time

import boto3

kinesis = boto3.client(
    "kinesis",
    endpoint_url=sys.argv[1],
    region_name="eu-west-1",
    aws_access_key_id=sys.argv[2],
    aws_secret_access_key=sys.argv[3],
    verify=False,
)
kinesis.create_stream(StreamName="python", ShardCount=2)
while kinesis.describe_stream_summary(StreamName="python")["StreamDescriptionSummary"]["StreamStatus"] != "ACTIVE":
    time.sleep(0.05)
data = bytes(range(256))
number = kinesis.put_record(StreamName="python", PartitionKey="k", Data=data)["SequenceNumber"]
results = kinesis.put_records(
    StreamName="python", Records=[{"PartitionKey": str(i), "Data": str(i)} for i in range(100)]
)
assert results["FailedRecordCount"] == 0
records = []
by_shard = {}
for shard in kinesis.list_shards(StreamName="python")["Shards"]:
    iterator = kinesis.get_shard_iterator(
        StreamName="python", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    by_shard[shard["ShardId"]] = kinesis.get_records(ShardIterator=iterator)["Records"]
    records += by_shard[shard["ShardId"]]
assert len(records) == 101, len(records)
first = [record for record in records if record["SequenceNumber"] == number][0]
assert first["Data"] == data
assert abs(first["ApproximateArrivalTimestamp"].timestamp() - time.time()) < 60
try:
    kinesis.describe_stream(StreamName="nowhere")
    raise AssertionError("found a stream that is not there")
except kinesis.exceptions.ResourceNotFoundException as missing:
    assert "nowhere" in str(missing)

stream = kinesis.describe_stream_summary(StreamName="python")["StreamDescriptionSummary"]["StreamARN"]
consumer = kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="reader")["Consumer"]["ConsumerARN"]
while kinesis.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
    time.sleep(0.05)
assert [c["ConsumerName"] for c in kinesis.list_stream_consumers(StreamARN=stream)["Consumers"]] == ["reader"]
pushed = 0
for shard in kinesis.list_shards(StreamName="python")["Shards"]:
    there = len(by_shard[shard["ShardId"]])
    events = kinesis.subscribe_to_shard(
        ConsumerARN=consumer, ShardId=shard["ShardId"], StartingPosition={"Type": "TRIM_HORIZON"}
    )["EventStream"]
    had = 0
    for event in events:
        event = event["SubscribeToShardEvent"]
        assert int(event["ContinuationSequenceNumber"]) > 0
        had += len(event["Records"])
        if had == there:
            break
    events.close()
    pushed += had
assert pushed == 101, pushed
try:
    kinesis.subscribe_to_shard(
        ConsumerARN=consumer, ShardId="shardId-000000000009", StartingPosition={"Type": "LATEST"}
    )
    raise AssertionError("subscribed to a shard that is not there")
except kinesis.exceptions.ResourceNotFoundException:
    pass
kinesis.deregister_stream_consumer(ConsumerARN=consumer)
kinesis.delete_stream(StreamName="python", EnforceConsumerDeletion=True)
print("ok")
