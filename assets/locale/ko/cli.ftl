### 명령줄.

cli-error = 오류: { $what }
cli-about = 온콜 비행 시뮬레이터: 지난 포스트모템을 직접 겪어 보는 훈련
cli-after =
    명령 없이 실행하면 데스크톱 게임이 열립니다.
    종료 코드: 0 완료, 1 검사한 대상에 문제가 있음, 2 사용법이 맞지 않음. 오류는 stderr로 나갑니다.
    세션과 설정은 시스템의 데이터 폴더와 설정 폴더에 있습니다.
    WOM_DATA_DIR과 WOM_CONFIG_DIR로 다른 폴더를 지정할 수 있습니다.

cli-play = 데스크톱 게임을 열어 돌림판이나 시나리오에서 시작
cli-list = 시나리오 목록
cli-validate = 시나리오 파일을 검사하고 모든 문제를 표시
cli-rehearse = 대본에 따른 세션을 창 없이 실행
cli-replay = 로그를 다시 계산하고 다이제스트를 비교
cli-score = 로그의 채점표를 근거와 함께 표시
cli-export = 끝난 세션을 파일로 저장
cli-docs = 자동 생성 문서를 저장

cli-arg-scenario = 시나리오 id 또는 폴더 경로
cli-arg-seed = 모든 난수 흐름의 시드
cli-arg-log = 로그 파일 또는 세션 폴더(가장 최근 분기)
cli-arg-json = JSON으로 출력
cli-arg-text = 터미널에서 플레이
cli-arg-think = 파이프로 들어온 한 줄이 쓰는 최소 시간
cli-arg-walkthrough = 대본: 경로 또는 시나리오 폴더 안의 파일
cli-arg-out = 로그를 이 파일에 저장
cli-arg-fidelity = 공개된 시각과 비교하고, 하나라도 어긋나면 1로 종료
cli-arg-at = 이 시각까지 계산(예: T+8m)
cli-arg-to = 쓸 파일: .md, .html, .json, .csv, .msel.csv, .om 또는 .rules.yml
cli-arg-document = .md 또는 .html 파일에 담을 문서
cli-arg-path = 시나리오 폴더, scenario.ron, id, 또는 시나리오들이 든 폴더. 없으면 전체
cli-arg-format = 해당 줄을 보여 주는 텍스트(text) 또는 JSON(json)
cli-arg-dir = 저장할 폴더

cli-list-after =
    열: id, 돌림판 이름, 난이도, 예상 시간, 기술. --json은 객체의 배열을 출력합니다:
    slug, wedge (en, ko), level, minutes (from, to), classes, skills, weight.
cli-list-broken = { $slug }에 오류가 있습니다. `wheel validate { $slug }`로 확인할 수 있습니다
cli-level-easy = 쉬움
cli-level-medium = 보통
cli-level-hard = 어려움
cli-minutes = { $from }–{ $to }분

cli-validate-summary = 시나리오 { $scenarios }개, 오류 { $errors }개, 경고 { $warnings }개
cli-docs-wrote = { $path } 저장함
cli-no-desktop =
    이 빌드에는 창이 없습니다. `desktop` 기능을 켜고 빌드하거나(기본값으로 켜져 있습니다:
    cargo build --release) `wheel --help`의 명령을 사용하십시오

cli-arg-resume = 보관된 세션을 이어서 합니다
cli-arg-pin = 이 실행을 시나리오의 기준 점수로 고정합니다(폴더에 par.ron을 씁니다)
cli-no-par = { $slug }에 고정된 기준 점수가 없습니다. `wheel rehearse { $slug } --walkthrough reference.wom --pin`으로 만들 수 있습니다
cli-log-foreign = { $path }:1: 여기에 없는 시나리오로 한 기록입니다: { $why }
cli-score-dropped = 경고: { $path }:{ $line }: { $why }. 그 뒤 { $bytes }바이트는 빼고 앞부분만 채점합니다
cli-score-unfinished = 경고: { $path }: 세션이 끝나기 전 { $at }에서 기록이 끝납니다. 그 뒤로 바뀐 것이 없다고 보고 채점합니다
cli-score-other-scenario = 경고: { $path }:1: 다른 버전의 { $scenario } 시나리오로 한 기록입니다. 시각과 기준이 맞지 않을 수 있습니다
cli-score-diverged = 경고: { $path }: 틱 { $tick }부터 기록된 상태와 다릅니다. 수정된 기록입니다
cli-score-facts = 경고: { $path }: 기록된 사실이 #{ $fact }부터 입력과 다릅니다. 수정된 기록입니다
cli-nothing-kept = 보관된 세션이 없습니다. `wheel play SCENARIO --text`로 시작할 수 있습니다
cli-no-walkthrough = { $path } 파일이 이 폴더에도 시나리오 폴더에도 없습니다
cli-which-scenario = 시나리오를 적어 주세요. `wheel list`로 볼 수 있습니다
cli-wrote = { $path }에 썼습니다

line-past = 이미 지난 시각입니다
line-past-help = 더 뒤의 T+ 시각이나 +30s를 적어 주세요

play-how = 셸처럼 명령을 입력합니다. `help`는 도구 목록을 보여 줍니다. `ack 1`, `declare sev2`, `update internal "…"`로 사건을 다룹니다. `:wait 30s`는 시간을 보내고 `:end`는 끝냅니다.
play-reflect = 사건이 끝났습니다. 숫자를 보기 전에 몇 마디 남겨 주세요(빈 줄이면 넘어갑니다):
play-page = 호출 { $id }: { $text }
play-page-changed = 호출 { $id }: 지금 경보 { $n }건: { $text }
play-alert-firing = 경보 발생: { $text }
play-alert-normal = 경보 해제: { $text }
play-ticket = { $who }의 문의: { $text }
play-status-page = 상태 페이지
play-field-impact = 영향
play-field-action = 조치
play-field-next = 다음
play-paused-after-gap = 이 컴퓨터가 한동안 멈춰 있어 시계를 세웠습니다. `@gm resume`으로 다시 시작합니다.
play-kept = 세션은 { $folder }에 보관됩니다
score-line = { $word }: 기준 대비 { $delta } ({ $max }점 중 { $points }점, 기준 { $par }점)
score-no-par = 이 시나리오에는 아직 기준 점수가 없어 점수를 낼 수 없습니다.
