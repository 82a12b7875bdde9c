### 세션이 명령을 받아들이지 않는 이유.

refuse-gm-only = 진행자만 할 수 있습니다.
refuse-ended = 세션이 끝났습니다.
refuse-paused = 시계가 멈춰 있습니다. 진행자가 다시 시작합니다.
refuse-no-page = 호출 { $page }번이 없습니다.
refuse-already-acked = 호출 { $page }번은 이미 확인되었습니다.
refuse-severity = 심각도는 sev1(가장 높음)부터 sev4까지입니다.
refuse-role = `{ $role }` 역할은 없습니다. 역할: ic, comms, scribe, ops.
refuse-not-here = { JOSA($who, "은/는") } 채널에 없습니다.
refuse-empty-update = 내용이 비어 있습니다. 항목을 하나 채우거나 문장을 적어 주세요.
refuse-no-component = 구성 요소를 하나 이상 적어 주세요.
refuse-no-component-named = 지도에 구성 요소 `{ $name }`이(가) 없습니다. 가장 가까운 이름: { $near }.
refuse-no-fact = 타임라인에 { $id } 기록이 없습니다.
refuse-no-person = `{ $who }`라는 사람이 없습니다. 가장 가까운 이름: { $near }.
refuse-no-card = 카드 묶음에 `{ $card }` 카드가 없습니다.
refuse-card-fired = `{ $card }` 카드는 이미 사용했습니다.
refuse-fault = 시뮬레이션이 받아들이지 않습니다: { $why }.
refuse-rung = 도움말은 1(침묵)부터 5(답)까지입니다.
refuse-no-rule = 대본에 `{ $rule }` 규칙이 없습니다.
refuse-speed = 속도는 1부터 { $max }까지입니다.
refuse-terminal = 터미널 { $terminal }번은 다른 자리의 것입니다.
refuse-too-long = { $max }자보다 깁니다.
refuse-too-many = 1초 안에 입력이 너무 많습니다.
refuse-no-last = { $service }에 관한 것이 아직 화면에 나온 적이 없습니다.
refuse-no-open-page = 열린 호출이 없습니다.
