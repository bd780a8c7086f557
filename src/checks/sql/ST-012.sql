-- Students whom another school took over.
{{taken_over|student|students}}
