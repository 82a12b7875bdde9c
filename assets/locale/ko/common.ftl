### common

status-ok = 정상
status-warning = 주의
status-critical = 심각
status-unknown = 모름

span-seconds = { $n }초
span-minutes = { $n }분
span-hours = { $n }시간
span-hours-minutes = { $h }시간 { $m }분
span-days = { $n }일
ago = { $span } 전
ago-now = 방금

seat-primary = 당번
seat-secondary = 예비 당번
seat-commander = 장애 지휘
seat-comms = 공지 담당
seat-scribe = 기록 담당
seat-observer = 참관
