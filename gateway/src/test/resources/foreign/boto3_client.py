"""The Python client against a gateway: puts, reads, and sees typed errors. Prints ok at the end."""
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
for shard in kinesis.list_shards(StreamName="python")["Shards"]:
    iterator = kinesis.get_shard_iterator(
        StreamName="python", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records += kinesis.get_records(ShardIterator=iterator)["Records"]
assert len(records) == 101, len(records)
first = [record for record in records if record["SequenceNumber"] == number][0]
assert first["Data"] == data
assert abs(first["ApproximateArrivalTimestamp"].timestamp() - time.time()) < 60
try:
    kinesis.describe_stream(StreamName="nowhere")
    raise AssertionError("found a stream that is not there")
except kinesis.exceptions.ResourceNotFoundException as missing:
    assert "nowhere" in str(missing)
kinesis.delete_stream(StreamName="python")
print("ok")
