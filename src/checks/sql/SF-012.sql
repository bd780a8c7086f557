-- Members of staff whom another school took over.
{{taken_over|staff|staff}}
