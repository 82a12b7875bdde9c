# 사실의 표현, 항목별 피드백, 디브리핑, 내보내기. 사실, 비교, 질문, 실험의 순서로 씁니다.

## 사실

fact-observed = { $target } 살펴봄
fact-observed-user = 사용자와 같은 방법으로 { $target } 살펴봄
fact-observed-graph = { $target } 살펴봄: 최근 { $minutes }분, { $query }
fact-observed-output = “{ $line }”로 { $target } 살펴봄: { $text }
fact-observed-user-output = 사용자와 같은 방법으로 { $target } 살펴봄, “{ $line }”: { $text }
fact-view-closed = { $target } 닫음
fact-page = 호출 { $page }: { $service } ({ $source })
fact-page-to = 호출 { $page } → { $to }: { $service } ({ $source })
fact-page-resolved = 호출 { $page } 해소됨 ({ $service })
fact-acked = 호출 { $page } 응답함 ({ $service })
fact-declared = 장애 선언, SEV{ $severity }
fact-severity = 심각도 SEV{ $severity }
fact-role = 역할 { $role }: { $to }
fact-said = 발언: { $text }
fact-update-internal = 사건 채널 메모: { $text }
fact-update-status = 상태 페이지: { $text }
fact-hypothesis = 가설: { $component }
fact-cause = 원인 메모: { $components } ({ $mechanisms })
fact-help = 도움 요청: { $topic }
fact-called = { $person } 호출 ({ $topic })
fact-joined = { $person } 합류
fact-resolved = 사건 종료
fact-followup = 후속 작업: { $text } (담당 { $owner })
fact-acted = { $target } { $verb ->
    [remove] 삭제
    [write] 쓰기
    [mkdir] 디렉터리 생성
    [rename] 이름 변경
    [start] 시작
    [stop] 정지
    [restart] 재시작
    [kill] 프로세스 종료
    [promote] 승격
    [rollback] 롤백
    [requeue] 다시 등록
    [resize] 크기 조정
    [renew] 갱신
    [reload] 다시 읽기
    [trust] 신뢰 추가
    [revert] 되돌리기
    [set] 설정
    [evict] 축출
    [flush] 비우기
    [repoint] 대상 변경
    [block] 차단
    [unblock] 차단 해제
    [reset] 재설정
    [drain] 비우기
    [undrain] 비우기 해제
    [announce] 공지
    [step] 시각 조정
    [enable] 켜기
    [disable] 끄기
    [purge] 비우기
    [break_glass] 비상 권한 사용
    [stage] 준비
    [push] 배포
    [edit] 편집
    [apply] 적용
    [flag] 플래그 변경
    [freeze] 동결
    [unfreeze] 동결 해제
    [pause] 일시 정지
    [resume] 재개
    [abort] 중단
    [run] 실행
    [skip] 건너뛰기
    [warm] 예열
    [scale] 규모 조정
    [rollout] 롤아웃
    [probe] 프로브 변경
    [autoscale] 자동 확장 변경
    [admit] 허용
    [cordon] 스케줄 제외
    [uncordon] 스케줄 복귀
    [power] 전원 조작
    [sysctl] 커널 값 변경
    [limit] 한도 변경
    [quota] 할당량 변경
    [delete] 삭제
    [failover] 페일오버
    [switchover] 전환
    [rebuild] 재구축
    [drop_slot] 슬롯 삭제
    [terminate] 세션 종료
    [vacuum] vacuum
    [analyze] analyze
    [check] 점검
    [backup] 백업
    [verify] 검증
    [restore] 복원
    [repair] 복구
    [truncate] 비우기
    [configure] 설정 변경
    [read_only] 읽기 전용 전환
   *[other] { $verb }
}
fact-refused = { $target } { $verb ->
    [remove] 삭제
    [write] 쓰기
    [mkdir] 디렉터리 생성
    [rename] 이름 변경
    [start] 시작
    [stop] 정지
    [restart] 재시작
    [kill] 프로세스 종료
    [promote] 승격
    [rollback] 롤백
    [requeue] 다시 등록
    [resize] 크기 조정
    [renew] 갱신
    [reload] 다시 읽기
    [trust] 신뢰 추가
    [revert] 되돌리기
    [set] 설정
    [evict] 축출
    [flush] 비우기
    [repoint] 대상 변경
    [block] 차단
    [unblock] 차단 해제
    [reset] 재설정
    [drain] 비우기
    [undrain] 비우기 해제
    [announce] 공지
    [step] 시각 조정
    [enable] 켜기
    [disable] 끄기
    [purge] 비우기
    [break_glass] 비상 권한 사용
    [stage] 준비
    [push] 배포
    [edit] 편집
    [apply] 적용
    [flag] 플래그 변경
    [freeze] 동결
    [unfreeze] 동결 해제
    [pause] 일시 정지
    [resume] 재개
    [abort] 중단
    [run] 실행
    [skip] 건너뛰기
    [warm] 예열
    [scale] 규모 조정
    [rollout] 롤아웃
    [probe] 프로브 변경
    [autoscale] 자동 확장 변경
    [admit] 허용
    [cordon] 스케줄 제외
    [uncordon] 스케줄 복귀
    [power] 전원 조작
    [sysctl] 커널 값 변경
    [limit] 한도 변경
    [quota] 할당량 변경
    [delete] 삭제
    [failover] 페일오버
    [switchover] 전환
    [rebuild] 재구축
    [drop_slot] 슬롯 삭제
    [terminate] 세션 종료
    [vacuum] vacuum
    [analyze] analyze
    [check] 점검
    [backup] 백업
    [verify] 검증
    [restore] 복원
    [repair] 복구
    [truncate] 비우기
    [configure] 설정 변경
    [read_only] 읽기 전용 전환
   *[other] { $verb }
} 거부됨: { $why }
fact-job-started = 시작: { $what } ({ $seconds }초)
fact-job-done = 완료: { $what }
fact-relief = 사용자 부담의 첫 완화, #{ $action }에서 시작
fact-impact = 사용자 { $of }명 중 { $n }명 영향
fact-durable-loss = { $what }: { $amount } 영구 손실
fact-alert-fired = 경보 { $alert } 발생 ({ $service })
fact-alert-resolved = 경보 { $alert } 정상으로 돌아옴 ({ $service })
fact-state = { $component }: { $to }
fact-deployed = { $service } 실행 버전 { $release } ({ $stage })
fact-ticket = { $who }의 문의: { $about }
fact-injected = 돌발 상황: { $text } (시계 { $seconds }초 멈춤)
fact-speed = 시계가 { $n }배로 감
fact-nudged = 힌트 { $rung }단계: { $text }
fact-handed-over = { $to }에게 인계
fact-announced = 알림: { $target }
fact-guard-target = 대상 확인: { $target }
fact-guard-restore-point = 복구 지점 확인: { $target }
fact-guard-second-person = 두 번째 사람의 응답: { $target }
fact-worsened = #{ $action } 뒤 영향받은 사용자가 늘어남
fact-inject-closed = 카드 종료: { $card }
fact-triaged = 카드 분류: { $card }
fact-learned-prediction = 예측: { $text }
fact-learned-revision = 생각의 변화: { $text }
fact-learned-note = 메모: { $text }
fact-learned-reflection = 돌아보기: { $text }
fact-confirmed = 게임 마스터 인정: { $of } ({ $reason })
fact-voided = 게임 마스터 제외: { $of } ({ $reason })
fact-bookmarked = 책갈피: { $text }
fact-unknown-tool = 알 수 없는 명령 { $name }
fact-improvised = { $seat }에게 즉석 답변, `{ $command }`: { $text }
fact-ended = 세션 종료
fact-curve-base = 이 세션의 영향
fact-curve-hands-off = 아무도 대응하지 않을 때의 영향

## 전체

score-word-well-ahead = 원래 사건보다 크게 앞섬
score-word-ahead = 원래 사건보다 앞섬
score-word-level = 원래 사건과 같은 수준
score-word-on-the-way = 가는 중
score-word-run-again = 다시 해 보기 좋은 사건

## 영역과 표현

dimension-detect = 감지
dimension-diagnose = 진단
dimension-mitigate = 완화
dimension-communicate = 소통
dimension-coordinate = 조율
dimension-safety = 안전
dimension-impact = 사용자 영향
dimension-alignment = 단계의 순서
dimension-word-solid = 탄탄함
dimension-word-good_with_notes = 좋음, 메모 있음
dimension-word-taking_shape = 자리 잡는 중
dimension-word-not_exercised = 다루지 않음
dimension-word-not_seen = 이번에는 보이지 않음

## 항목

check-D1 = 알아봄
check-D3 = 심각도
check-G1 = 구성 요소
check-M1 = 지속된 완화
check-M2 = 첫 완화
check-M3 = 확인
check-C1 = 첫 내부 메모
check-C2 = 첫 상태 공지
check-O1 = 선언
check-H1 = 사용자 영향
check-A1 = 단계의 순서
check-D2 = 영향을 말로
check-G2 = 메커니즘
check-G3 = 근거
check-G4 = 원인까지의 시간
check-G5 = 가설 확인
check-M4 = 종료
check-M5 = 후속 작업
check-C3 = 공지 주기
check-C4 = 공지 내용
check-C5 = 종료 공지
check-O2 = 역할
check-O3 = 도움
check-O4 = 인수인계
check-O5 = 조치 알림
check-S1 = 보호 장치

score-D1-seen = 영향받은 서비스를 처음 알아본 시점은 +{ $x }분(#{ $ev }), 원래 사건은 { $r ->
    [never] 기록에 없음
   *[other] +{ $r }분
}입니다.
score-D1-unseen = 영향받은 서비스를 알아본 기록이 보이지 않습니다. 누가 영향을 받는지 보려면 어디를 먼저 볼까요?
score-D3-seen = 심각도 { $sev }로 정했습니다(#{ $ev }). 시뮬레이션 기준은 { $truth }입니다.
score-D3-unseen = 심각도를 정한 기록이 보이지 않습니다.
score-G1-seen = 마지막 원인 메모는 기여 구성 요소 { $m }개 중 { $n }개를 짚었습니다(#{ $ev }).
score-G1-unseen = 기여 구성 요소를 적은 메모가 기록에 보이지 않습니다.
score-M1-seen = 사용자 영향은 +{ $x }분(#{ $ev })부터 { $tau } 아래로 유지되었습니다. 원래 사건은 { $r ->
    [never] 기록에 없음
   *[other] +{ $r }분
}입니다.
score-M1-unseen = 세션이 끝날 때 사용자 영향이 { $tau } 위에 있었습니다.
score-suspended = 추가 상황(#{ $ev })으로 이 항목에 필요한 수단이 기간 내내 막혀 있어, 누구에게도 계산하지 않습니다.
score-not-exercised = 이 시나리오에서는 다루지 않습니다.
score-M1-alone = 사용자 영향이 저절로 { $tau } 아래로 내려갔고, 영향을 낮춘 조치는 기록에 보이지 않습니다.
score-M2-seen = 사용자 부담을 처음 줄인 시점은 +{ $x }분(#{ $ev })이며 원인을 적기 { $order ->
    [after] 후
   *[before] 전
}입니다. 원래 사건은 { $r ->
    [never] 기록에 없음
   *[other] +{ $r }분
}입니다.
score-M2-unseen = 사용자 영향을 낮춘 조치가 기록에 보이지 않습니다. 어떤 되돌림 방법이 언제부터 열려 있었나요?
score-M3-seen = 완화 뒤에 사용자 지표를 확인하고 결과를 남겼습니다(#{ $chk }, #{ $post }).
score-M3-half = 완화 뒤에 사용자 지표를 확인했습니다(#{ $chk }). 결과를 남긴 글은 기록에 보이지 않습니다.
score-M3-unseen = 완화({ $at }) 뒤에 사용자 지표를 본 기록이 보이지 않습니다.
score-M3-open = 이번에는 확인할 지속된 완화가 없었습니다.
score-C1-seen = 사건 채널의 첫 메모는 +{ $x }분(#{ $ev })입니다.
score-C1-unseen = 사건 채널에 상태 메모가 보이지 않습니다.
score-C2-seen = 상태 페이지 첫 공지는 +{ $x }분(#{ $ev }), 기준 { $w }분, 원래 사건은 { $r ->
    [never] 기록에 없음
   *[other] +{ $r }분
}입니다.
score-C2-unseen = 영향과 상태를 담고 그 시점의 상황과 맞는 상태 페이지 공지가 기록에 보이지 않습니다.
score-O1-seen = 장애 선언은 +{ $x }분(#{ $ev }), 기준 { $w }분입니다.
score-O1-unseen = { $from }–{ $to } 사이에 장애 선언이 기록에 보이지 않습니다.
score-H1-seen = 사용자가 겪은 영향은 { $h } 사용자·분, 원래 사건은 { $r }, 아무것도 하지 않으면 { $n }입니다.
score-H1-unseen = 사용자가 겪은 영향은 { $h } 사용자·분, 원래 사건은 { $r }, 대응이 없으면 { $n }입니다. 영향을 바꾼 단계는 기록에 보이지 않습니다.
score-A1-seen = 기준 순서와 맞은 단계는 { $m }개 중 { $n }개이고, 이번에 필요 없던 단계는 { $k }개입니다.
score-A1-unseen = 기준 단계 { $m }개가 기록에 보이지 않습니다.
score-D2-seen = 영향 범위를 말로 남긴 시점은 +{ $x }분(#{ $ev }), 기준 { $w }분입니다.
score-D2-unseen = 영향 범위를 적은 메모가 기록에 보이지 않습니다. 한 줄 메모는 나중에 합류하는 사람에게 큰 도움이 됩니다.
score-G2-seen = 마지막 원인 메모는 메커니즘 { $m }개 중 { $n }개를 짚었습니다(#{ $ev }).
score-G2-unseen = 메커니즘을 적은 메모가 기록에 보이지 않습니다.
score-G3-seen = 원인 메모(#{ $ev })가 관찰 기록(#{ $obs })을 근거로 듭니다.
score-G3-unseen = 원인 메모(#{ $ev })에 연결된 관찰 기록이 보이지 않습니다. 어떤 화면이나 로그가 근거가 될까요?
score-G3-open = 원인 메모가 기록에 보이지 않아 근거를 볼 수 없습니다.
score-G4-seen = 기여 구성 요소를 처음 짚은 시점은 +{ $x }분(#{ $ev }), 원래 사건은 { $r ->
    [never] 기록에 없음
   *[other] +{ $r }분
}입니다.
score-G4-unseen = 기여 구성 요소를 짚은 짧은 메모가 기록에 보이지 않습니다.
score-G5-seen = 가설을 먼저 적고 확인한 기록이 있습니다(#{ $h }, #{ $o }). 좋은 습관입니다.
score-G5-unseen = 가설을 적고 확인한 짝이 기록에 보이지 않습니다. 실험: 추측을 먼저 적고, 그다음에 화면 열기.
score-M4-seen = 완화 뒤 #{ $ev }에서 종료했습니다.
score-M4-unseen = 완화 뒤의 종료 절차가 기록에 보이지 않습니다.
score-M5-seen = 담당자가 있는 후속 작업 { $n }건을 남겼습니다(#{ $ev }).
score-M5-unseen = 후속 작업이 기록에 보이지 않습니다. 다음에 같은 일이 생기면 무엇이 충격을 줄여 줄까요?
score-C3-seen = 사용자가 영향을 받는 동안 가장 긴 공백은 { $gap }분, 약속한 주기를 넘긴 합계는 { $sil }분, 원래 사건은 { $rsil }분입니다.
score-C3-unseen = 사용자가 영향을 받는 동안 외부 공지가 기록에 보이지 않습니다.
score-C4-seen = 핵심 공지에 네 요소(영향, 상태, 조치, 다음 공지 시각) 중 { $n }개가 있습니다.
score-C4-unseen = 공지에 네 요소(영향, 상태, 조치, 다음 공지 시각)가 아직 적습니다.
score-C5-seen = 완화 뒤에 종료 공지가 나갔습니다(#{ $ev }).
score-C5-unseen = 완화 뒤의 종료 공지가 기록에 보이지 않습니다.
score-O2-seen = 정한 역할: { $roles } (#{ $ev }).
score-O2-unseen = 역할을 정한 기록이 보이지 않습니다. 혼자일 때도 조율 역할을 이름 붙이면 도움이 됩니다.
score-O3-seen = +{ $x }분에 도움을 요청했습니다(#{ $ev }). 도움 요청은 언제나 환영입니다.
score-O3-over = { $topic } 도움이 필요해질 +{ $x }분쯤 전에 사용자는 이미 괜찮아졌습니다.
score-O3-unseen = +{ $x }분쯤 함께 볼 사람({ $topic })이 있었습니다. 무엇이 있으면 요청하기 쉬울까요?
score-O4-seen = 인수인계 메모를 남겼습니다(#{ $ev }).
score-O4-over = 근무가 끝나기({ $shift }분) 전에 마무리되었습니다.
score-O4-unseen = { $shift }분 뒤: 인수인계나 휴식 메모가 기록에 보이지 않습니다.
score-O5-seen = 조치 { $m }개 중 { $n }개를 실행 전에 채널에 알렸습니다.
score-O5-unseen = 무언가를 바꾸는 조치가 기록에 보이지 않습니다.
score-S1-seen = 영향이 큰 조치 전에 보호 장치 { $m }개 중 { $g }개가 있었습니다(#{ $ev }).
score-S1-none = 영향이 큰 조치가 기록에 보이지 않습니다.
score-S1-unseen = 영향이 큰 조치 #{ $ev }는 보호 장치 3개(대상 확인, 복구 지점, 두 번째 사람) 중 { $g }개로 실행되었습니다. 도구가 스스로 제공할 수 있는 장치는 무엇일까요?

## 디브리핑

debrief-no-alert = 경보가 울리지 않음
debrief-turn-relief = 첫 완화
debrief-turn-relief-body = #{ $ev } 뒤 { $at }부터 사용자의 부담이 줄었습니다.
debrief-turn-look = 그 직전에 본 것
debrief-turn-look-body = #{ $next }보다 { $lead }분 앞서 { $target } 화면이 열렸습니다(#{ $ev }).
debrief-turn-first = 첫걸음
debrief-turn-join-body = { $name }: { $x }(#{ $ev }), 원래 사건 { $r }, 차이 { $diff }분.
debrief-ask-options = 어떤 선택지가 있었고, 각각의 장점은 무엇이었나요?
debrief-ask-notice = 무언가 달라졌다는 것을 어떻게 알아차리셨나요?
debrief-ask-helped = 원래 사건보다 먼저 여기에 이르는 데 무엇이 도움이 되었나요?
debrief-ask-seeing = { $ev } 때 무엇을 보고 계셨나요?
debrief-ask-expect = { $ev } 뒤에 어떤 결과를 기대하셨나요?
debrief-ask-sensible = 그 시점에 그 선택이 자연스러웠던 이유는 무엇인가요?
debrief-ask-signal = 가장 도움이 된 신호와 시간을 쓰게 한 신호는 무엇인가요?
debrief-ask-safe = 여기서 안전한 길이 편한 길이 되려면 무엇이 필요할까요?
debrief-turn-stated = 원인을 처음 말한 순간
debrief-turn-declared = 인시던트 선언
debrief-turn-change = 시스템에 준 첫 변화
debrief-turn-told = 사용자에게 알림
debrief-turn-checked = 완화 뒤 사용자 쪽에서 본 화면
debrief-turn-help = 도움 요청
debrief-turn-hurt = 사용자 영향 시작
debrief-turn-signal = 신호 도착
debrief-turn-worse = 영향받는 사용자가 늘어남
debrief-turn-loss = 되돌릴 수 없는 데이터 손실
debrief-turn-peak = 영향받은 사용자가 가장 많은 순간
debrief-turn-half = 최고치의 절반
debrief-turn-world = 시스템 변화
debrief-turn-back = 사용자 영향 끝
debrief-turn-said = 누군가의 말
debrief-turn-ended = 세션 끝
debrief-ask-knew = { $ev } 시점에 알고 있던 것은 무엇이고, 아직 추측이던 것은 무엇인가요?
debrief-ask-tell = { $ev } 시점에 사용자에게 필요한 말은 무엇일까요?
debrief-ask-enough = 무엇을 보고 끝났다고 판단하셨나요?
debrief-ask-help = { $ev }에서 도움을 청하게 된 계기는 무엇인가요?
debrief-ask-shown = { $ev } 시점에 이것이 보이는 화면은 무엇인가요?
debrief-ask-signal-at = { $ev } 같은 신호는 무엇을 알려 주고, 무엇을 남겨 두나요?
debrief-ask-way-back = { $ev } 시점에 열려 있던 되돌릴 길은 무엇인가요?
debrief-ask-open = { $ev } 시점에 아직 열려 있던 일은 무엇인가요?
export-decisions = 결정할 지점
export-col-decision = 결정할 것
export-none-known = 기록 없음
export-none-taken = 적힌 길 가운데 없음
outcome-works = 영향이 줄어듦
outcome-prevents = 일찍 하면 사건이 일어나지 않음
outcome-debt = 영향이 줄고 나중 일이 남음
outcome-no-effect = 달라지는 것이 없음
outcome-costs-time = 시간만 걸림
outcome-worse = 더 나빠짐
outcome-catastrophic = 되돌릴 수 없음
signal-true = { $what } · 사실
signal-stale = { $what } · 지난 신호: 전에는 그랬음
signal-decoy = { $what } · 미끼: 다른 곳을 가리킴
signal-coincidence = { $what } · 우연: 사실이지만 까닭은 다름
export-published = 공개된 시각 { $at }
debrief-money = 사용자가 영향을 받는 동안 잃은 금액: 이 세션 { $h }, 원래 사건 { $r }, 대응이 없으면 { $n }.
debrief-money-assumed = 사용자가 영향을 받는 동안 잃은 금액(가정한 단가): 이 세션 { $h }, 원래 사건 { $r }, 대응이 없으면 { $n }.
debrief-budget = { $service }의 오류 예산({ $days }일 동안 { $objective } %): 이 세션 { $h }, 원래 사건 { $r }, 대응이 없으면 { $n }.
debrief-budget-assumed = { $service }의 오류 예산(가정한 목표, { $days }일 동안 { $objective } %): 이 세션 { $h }, 원래 사건 { $r }, 대응이 없으면 { $n }.
debrief-budget-usual = 목표가 { $days }일 동안 { $objective } %라면(시나리오에 목표 없음) 오류 예산: 이 세션 { $h }, 원래 사건 { $r }, 대응이 없으면 { $n }.
export-grounds = 무엇을 근거로
export-grounds-note = 각 조치 전에 그 사람의 화면에 있던 것입니다. 결과는 따로 적습니다. 말로만 적고 점수로 매기지 않습니다.
export-contributed = 관련 있음
export-not-seen-in-it = 관련이 보이지 않음
export-chain = 사용자에게 닿은 길: { $chain }
export-branches = 이 세션의 다른 갈래
export-branch = 갈래 { $n }: { $at }에 갈라져 { $to }까지 { $b } 사용자·분, 이 세션은 { $h }.
export-col-sure = 확신
export-col-scope = 그때까지 말한 영향 서비스

grounds-seen-better = { $target }에 대한 #{ $ev } 조치는 화면에 있던 것({ $seen })을 따랐고, 그 뒤 사용자의 부담이 줄었습니다(#{ $proof }).
grounds-seen-worse = { $target }에 대한 #{ $ev } 조치는 화면에 있던 것({ $seen })을 따랐지만 결과는 좋지 않았습니다(#{ $proof }). 당시 알려진 것으로는 타당한 단계였습니다.
grounds-seen-same = { $target }에 대한 #{ $ev } 조치는 화면에 있던 것({ $seen })을 따랐습니다.
grounds-other-better = { $target }에 대한 #{ $ev } 조치는 화면 밖의 근거로 이루어졌고, 그 뒤 사용자의 부담이 줄었습니다(#{ $proof }). 무엇을 보고 될 것이라 생각하셨나요?
grounds-other-worse = { $target }에 대한 #{ $ev } 조치는 화면 밖의 근거로 이루어졌고 결과는 좋지 않았습니다(#{ $proof }). 어떤 화면이 가까이 있으면 도움이 될까요?
grounds-other-same = { $target }에 대한 #{ $ev } 조치는 화면 밖의 근거로 이루어졌습니다.

debrief-ask-next = 다음 연습에서 시도해 보고 싶은 한 가지는 무엇인가요?

experiment-D1 = 다음 연습 실험: 사용자가 겪는 것을 보여 주는 화면 하나를 가장 먼저 열기.
experiment-D3 = 다음 연습 실험: 처음 15분 안에 심각도를 적고, 알게 되는 대로 고치기.
experiment-G1 = 다음 연습 실험: 의심되는 구성 요소를 적고, 그와 맞지 않는 사실 하나를 찾아보기.
experiment-M1 = 다음 연습 실험: 이유를 묻기 전에 사용자를 가장 먼저 돌아오게 할 단계를 묻기.
experiment-M2 = 다음 연습 실험: 처음 5분 안에 되돌릴 방법(롤백, 재시작, 공간 확보)을 적어 보기.
experiment-M3 = 다음 연습 실험: 조치 뒤 사용자처럼 한 번 해 보고 본 것을 남기기.
experiment-C1 = 다음 연습 실험: 10분 안에 사건 채널에 한 줄 남기기(무엇이 영향을 받는지, 다음은 무엇인지).
experiment-C2 = 다음 연습 실험: 원인을 아직 몰라도 영향과 상태를 담은 첫 공지를 올리기.
experiment-O1 = 다음 연습 실험: 사용자가 영향을 받는 첫 신호에서 선언하기. 다시 닫아도 비용이 없습니다.
experiment-D2 = 다음 연습 실험: 두 번째 화면을 보기 전에 누가 영향을 받는지 한 줄 적기.
experiment-G2 = 다음 연습 실험: 어디서뿐 아니라 어떻게 일어났는지도 적기.
experiment-G3 = 다음 연습 실험: 원인에 근거가 된 화면을 함께 적기.
experiment-G4 = 다음 연습 실험: 첫 의심이 떠오를 때 바로 적기.
experiment-G5 = 다음 연습 실험: 추측을 먼저 적고, 그다음에 화면 열기.
experiment-M4 = 다음 연습 실험: 사용자 관점으로 확인한 뒤 사건을 종료하기.
experiment-M5 = 다음 연습 실험: 담당자가 있는 후속 작업을 하나 남기기.
experiment-C3 = 다음 공지 시각을 약속하고 지키기
experiment-C4 = 다음 연습 실험: 공지의 네 칸을 한 번 모두 채우기.
experiment-C5 = 다음 연습 실험: 수정을 배포하기 전에 종료 공지를 먼저 써 두기.
experiment-O2 = 다음 연습 실험: 선언할 때 조율 담당을 한 명 정하기.
experiment-O3 = 다음 연습 실험: 계속 살펴보면서 동시에 누군가를 부르기.
experiment-O4 = 다음 연습 실험: 근무가 끝날 때 인수인계 메모를 남기기.
experiment-O5 = 다음 연습 실험: 바꾸기 전에 채널에 대상을 말하기.
experiment-S1 = 다음 연습 실험: 영향이 큰 조치 전에 채널에 호스트 이름을 말하고 대상을 확인하기.
experiment-steady = 다음 연습 실험: 자리를 바꾸거나 돌발 상황 하나를 더해 보기.

## 내보내기

export-opening = 오늘은 그때 안에서 본 모습을 함께 배우는 자리입니다. 모두 그 순간 보이는 것으로 자연스러운 선택을 했습니다. 숫자와 이벤트 번호는 대화의 시작일 뿐입니다.
export-summary = 영향
export-impact = 사용자가 겪은 영향은 { $h } 사용자·분, 원래 사건은 { $r }, 대응이 없으면 { $n }입니다.
export-lost = 그중 { $n }은 되돌릴 수 없게 잃은 데이터에 해당합니다.
export-peak = 가장 많을 때 사용자 { $of }명 중 { $n }명이 영향을 받았습니다.
export-timeline = 타임라인
export-helped = 도움이 된 것과 전환점
export-conditions = 기여 요인
export-components = 구성 요소: { $components }, 작동 방식: { $mechanisms }.
export-questions = 질문
export-follow-ups = 후속 작업
export-score = 숫자
export-total = { $word }: { $max }점 중 { $points }점, 원래 사건 { $par }점, 차이 { $delta }.
export-apart = 곁길, 그리고 원래 사건에 없던 일
export-side = 원래 사건의 곁길
export-side-at = 원래 사건의 곁길, { $at }
export-side-here = 이번에는 { $at }
export-side-not-here = 이번 기록에는 없음
export-never = 출처에 따르면 원래 사건에는 없던 일
export-never-here = 이번에는 { $at }
export-never-not-here = 이번 기록에도 없음
export-signals = 그래프와 로그 줄이 뜻하던 것
export-signal-seen = 화면에 처음 나온 시각 { $at }
export-signal-unseen = 어느 화면에도 나오지 않음
export-sources = 출처
export-read-full = 전문을 읽음
export-read-part = 일부를 읽음
export-read-quoted = 다른 글의 인용으로 읽음
export-read-digest = 요약본으로 읽음
export-contradiction = { $about }: 기록마다 다릅니다. 따른 쪽: { $followed }. 다른 쪽: { $others }.
export-t0 = 모든 시각은 { $utc }부터 셉니다: { $means }{ $source }.
export-t0-also = 다른 기준({ $name }{ $source })으로 세면 모든 시각이 { $diff }만큼 달라집니다.
export-assumed = 출처 행이 없는 원래 사건의 시각은 계산했거나 가정한 값입니다.
export-col-utc = UTC
export-col-t = T+
export-col-original = 원래 사건
export-col-yours = 이 세션
export-col-diff = 차이(분)
export-col-check = 항목
export-col-points = 점수(원래 사건)
export-col-formula = 계산식
export-col-evidence = 근거
export-col-words = 설명

## Afterwords, after-action report, list of events

fact-reflected-reaction = 세션 뒤의 한마디: { $text }
fact-reflected-surprise = 뜻밖이었던 것: { $text }
fact-reflected-plus = 도움이 된 것: { $text }
fact-reflected-delta = 바꾸고 싶은 것: { $text }
fact-reflected-luck = 운이 따른 것: { $text }
fact-reflected-action = 실행 항목: { $text } (담당 { $owner })
fact-workload = 작업 부담, { $scale }: 100점 중 { $value }
fact-witnessed = 목격자 메모({ $row }): { $text }
reflect-reaction = 한 문장으로, 지금 남아 있는 것은 무엇인가요?
reflect-surprise = 무엇이 뜻밖이었나요?
reflect-plus = 무엇이 도움이 되었고, 계속하고 싶은 것은 무엇인가요?
reflect-delta = 무엇을 바꾸어 보고 싶나요?
reflect-luck = 운이 따른 곳은 어디였나요?
reflect-action = 어떤 실행 항목이 이어지고, 담당자는 누구인가요? (--owner)
reflect-workload = 얼마나 힘들게 느껴졌나요? 묻기만 하고 점수에 넣지 않습니다.
workload-mental = 정신적 부담
workload-physical = 신체적 부담
workload-temporal = 시간 압박
workload-performance = 스스로의 만족(0이 높음)
workload-effort = 노력
workload-frustration = 답답함
export-user-minutes = 사용자·분
export-witness = 목격자
export-stated-cause = 원인
export-stated-hypothesis = 가설
export-none-stated = 원인을 적은 기록이 보이지 않습니다.
export-as-stated = 팀이 적은 순서대로:
export-as-simulated = 시뮬레이션에 들어 있는 것:
export-resolution = 해결
export-no-step = 시스템을 바꾼 단계가 기록에 보이지 않습니다.
export-no-action = 실행 항목이 아직 기록에 보이지 않습니다. 무엇이 있으면 다음에는 더 가벼워질까요?
export-luck = 운이 따른 곳
export-luck-itself = 기록에 있는 단계와 관계없이 영향이 줄었습니다.
export-luck-open = 아직 적은 것이 없습니다. 계획에 없었는데 잘 풀린 것은 무엇인가요?
export-triggers = 사후 검토를 쓰는 이유
export-trigger-impact = 기준을 넘는 중단이나 저하를 사용자가 겪음
export-trigger-loss = 데이터가 영구히 사라짐
export-trigger-intervention = 당직자의 개입: 롤백, 재시작, 우회
export-trigger-duration = 완화까지 한 시간 넘게 걸림
export-trigger-monitoring = 경보보다 사람이 먼저 알아챔
export-applies = 해당
export-applies-not = 해당 없음
export-reflections = 돌아보기
export-workload = 느낀 부담, 0부터 100까지. 묻기만 하고 점수에 넣지 않습니다.
export-no-thought = 적어 둔 생각이 없습니다.
export-support = 도움 단계: 5 중 { $n }.
export-col-statement = 진술
export-col-components = 구성 요소
export-col-mechanisms = 작동 방식
export-col-action = 실행 항목
export-col-owner = 담당
export-col-due = 기한
export-col-trigger = 이유
export-col-applies = 해당 여부
export-col-scale = 척도
export-col-who = 누가
export-col-value = 값
export-col-capability = 역량
export-col-rating = 평정
export-col-observation = 관찰
export-col-event = 이벤트
aar-title = 훈련 결과 보고서
aar-scope = { $from }부터 { $to }까지. 자리: { $seats }.
aar-ratings = 평정: P 어려움 없이 수행, S 약간의 어려움, M 큰 어려움, U 이번에는 보이지 않음. 이번 진행을 설명할 뿐 사람을 평가하지 않습니다.
export-aar-overview = 훈련 개요
export-aar-capabilities = 역량
export-aar-strengths = 강점
export-aar-areas = 다뤄 볼 영역
export-aar-plan = 개선 계획
export-aar-events = 이벤트
aar-ahead = { $name }: { $x }, 원래 사건 { $r }.
aar-team = 팀
msel-expect-page = 호출을 확인하고 누가 영향을 받는지 알아본다
msel-expect-ticket = 사용자가 보는 것을 직접 본다
msel-expect-alert = 살펴보고 선언할지 정한다
msel-expect-message = 답하거나, 나중으로 미뤄도 되는지 정한다
